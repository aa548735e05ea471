const { name } = require('./package.json');
module.exports = { apps: [{ name, script: './src/index.js', node_args: '-r dotenv/config', max_memory_restart: '200M', env: { TOKEN: undefined, SHARDS: 2 } }] };
