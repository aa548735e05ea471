module.exports = {
  apps: [
    {
      name: "api",
      script: "dist/main.js",
      instances: "max",
      exec_mode: "cluster",
      autorestart: true,
      watch: false,
      max_memory_restart: "1G",
      env: { NODE_ENV: "development" },
      env_production: { NODE_ENV: "production", PORT: 8080 },
    },
  ],
};
