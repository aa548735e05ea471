process.send("ready");
console.log(`env ${process.env.BUNCTL_NOTIFY} ${process.env.BUNCTL_SHARE_PORT}`);
