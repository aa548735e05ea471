exports.apps = [{ name: 'named', exec: 'named.js', output: 'logs/out.log', error: 'logs/err.log', log: 'logs/all.log', autostart: false }];
