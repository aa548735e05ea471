module.exports = {
  apps: [{ name: 'nightly', script: 'job.js', cron_restart: '0 3 * * *', autorestart: false, instances: 1 }],
};
