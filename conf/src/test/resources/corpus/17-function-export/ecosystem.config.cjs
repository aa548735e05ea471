module.exports = () => {
  const common = { cwd: __dirname, max_memory_restart: '300M' };
  return { apps: ['a', 'b'].map((name) => ({ ...common, name, script: `${name}.js` })) };
};
