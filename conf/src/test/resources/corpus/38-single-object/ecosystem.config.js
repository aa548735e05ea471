module.exports = { name: "single", script: "index.js", exec_mode: "cluster_mode", instances: "0" };
