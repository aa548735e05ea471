module.exports = {
  apps: [{
    name: 'graceful', script: './app.js',
    wait_ready: true, listen_timeout: 50000, kill_timeout: 5000,
    shutdown_with_message: true, kill_signal: 'SIGTERM', stop_exit_codes: [0, 143],
  }],
};
