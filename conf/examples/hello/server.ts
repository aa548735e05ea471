// A Bun server with top-level await: it is up when the module has been evaluated.
const started = await Promise.resolve(new Date().toISOString());

const server = Bun.serve({
  port: Number(process.env.PORT ?? 3000),
  fetch: (request) => new Response(`hello from bun ${Bun.version}, up since ${started}, ${new URL(request.url).pathname}\n`),
});

console.log(`listening on ${server.url}`);
