// A node:http server, for Bun and Node.
import http from "node:http";
const server = http.createServer((_request, response) => response.end("hello"));
process.on("SIGINT", () => server.close(() => console.log("closed")));
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log(`up ${server.address().port}`));
