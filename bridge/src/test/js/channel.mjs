// Says ready with top-level await in progress, echoes messages, and ends when told.
process.on("message", (message) => {
  process.send({ echo: message });
  if (message === "shutdown") process.disconnect(), process.exit(0);
});
process.send("ready");
await new Promise((resolve) => setTimeout(resolve, 600_000));
