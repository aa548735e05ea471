const path = require('path');
const app = (name, port) => ({
  name,
  cwd: path.join(__dirname, 'packages', name),
  script: 'dist/index.js',
  env: { PORT: port, NODE_ENV: 'production' },
  out_file: `/var/log/apps/${name}.log`,
  error_file: `/var/log/apps/${name}.err`,
  combine_logs: true,
  time: true,
});
module.exports = { apps: [app('gateway', 4000), app('users', 4001), app('mail', 4002)] };
