module.exports = [{
  name: 'worker',
  script: 'worker.js',
  interpreter: 'node',
  node_args: ['--max-old-space-size=4096', '--expose-gc'],
  args: ['--queue', 'high priority', 5],
  min_uptime: '5s',
  max_restarts: 10,
  restart_delay: 4000,
}]
