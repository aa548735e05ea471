const fs = require('fs');
const path = require('path');
const env = Object.fromEntries(
  fs.readFileSync(path.join(__dirname, '.env'), 'utf8').split('\n').filter(Boolean).map((l) => l.split('=')),
);
module.exports = { apps: [{ name: 'dot', script: 'app.js', env }] };
