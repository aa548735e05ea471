// A Bun server that knows nothing of signals.
export default { port: Number(process.argv[2]), fetch: () => new Response("hello") };
setTimeout(() => console.log(`up ${process.argv[2]}`), 1);
