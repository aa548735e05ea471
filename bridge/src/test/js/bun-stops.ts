// A Bun server that does what most do: stop() when told to end.
const server = Bun.serve({ port: Number(process.argv[2]), fetch: () => new Response("hello") });
process.on("SIGINT", () => server.stop());
console.log(`up ${server.port}`);
