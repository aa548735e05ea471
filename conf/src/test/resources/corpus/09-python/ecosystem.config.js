module.exports = {
  apps: [{ name: "ml", script: "server.py", interpreter: "python3", interpreter_args: "-u", env: { PYTHONUNBUFFERED: 1 } }]
};
