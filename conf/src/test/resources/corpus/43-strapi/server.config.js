module.exports = { apps: [{ name: 'strapi', cwd: 'cms', script: 'npm', args: 'start', env: { NODE_ENV: 'production', DATABASE_PASSWORD: 'hunter2', DATABASE_PORT: 5432, DATABASE_SSL: false } }] };
