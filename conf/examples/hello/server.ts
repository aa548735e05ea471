// A small HTTP server: `bunctl start` in this folder keeps it running.
const started = await Promise.resolve(new Date());
const port = Number(process.env.PORT ?? 3000);

const server = Bun.serve({
  port,
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz") {
      return new Response("ok\n");
    }
    return Response.json({
      message: "Hello from Bun",
      instance: Number(process.env.NODE_APP_INSTANCE ?? 0),
      pid: process.pid,
      started: started.toISOString(),
    });
  },
});

console.log(`listening on ${server.url}`);

async function finish(signal: string) {
  console.log(`${signal}: finishing`);
  await server.stop();
  process.exit(0);
}

process.once("SIGINT", () => void finish("SIGINT"));
process.once("SIGTERM", () => void finish("SIGTERM"));
