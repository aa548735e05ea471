module.exports = { apps: [{ name: 'flaky', script: 'flaky.js', exp_backoff_restart_delay: 100, max_restarts: 50, treekill: false }] };
