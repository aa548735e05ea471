module.exports = { apps: [{ name: 'ports', script: 'srv.js', instances: 3, exec_mode: 'fork', increment_var: 'PORT', env: { PORT: 3000 }, instance_var: 'INSTANCE_ID' }] };
