module.exports = { apps: [{ name: "site", script: "npm", args: "run start -- --port 4000" }] }
