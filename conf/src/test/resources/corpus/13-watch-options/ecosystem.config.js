module.exports = {
  apps: [{
    name: 'dev',
    script: 'server.js',
    watch: ['src', 'config'],
    watch_delay: 1000,
    ignore_watch: ['node_modules', '\\.git', '*.log'],
    watch_options: { followSymlinks: false },
  }],
};
