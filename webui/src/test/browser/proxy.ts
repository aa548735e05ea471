import { readFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type RequestOptions } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";

const TYPES = new Map([
  ["html", "text/html"],
  ["js", "text/javascript"],
]);

/** A reverse proxy: these files, and the daemon behind the same host and port. */
export class Proxy {
  private constructor(
    readonly site: string,
    readonly end: () => Promise<void>,
  ) {}

  /** @param files by name, without a slash; all else is asked of the daemon */
  static async before(daemon: string, files: Map<string, string>): Promise<Proxy> {
    const open = new Set<Duplex>();
    const server = createServer(async (asked, answer) => {
      const file = files.get((asked.url ?? "").slice(1));
      if (file) {
        answer.setHeader("Content-Type", TYPES.get(file.slice(file.lastIndexOf(".") + 1)) ?? "application/octet-stream");
        answer.end(await readFile(file));
        return;
      }
      const behind = request(ahead(daemon, asked), (said) => {
        answer.writeHead(said.statusCode ?? 502, said.rawHeaders);
        said.pipe(answer);
      });
      behind.on("error", () => answer.writeHead(502).end());
      asked.pipe(behind);
    });
    server.on("upgrade", (asked, client: Duplex, head) => {
      const behind = request(ahead(daemon, asked));
      behind.on("error", () => client.destroy());
      behind.on("response", () => client.destroy());
      behind.on("upgrade", (said, other) => {
        client.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(said.rawHeaders)}\r\n`);
        other.write(head);
        join(client, other);
      });
      behind.end();
    });
    server.on("connection", (socket: Socket) => {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new Proxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      open.forEach((socket) => socket.destroy());
      return new Promise((done) => server.close(() => done()));
    });
  }
}

/** The request as it came, with the host that the browser asked: the daemon compares it with the page's origin. */
function ahead(daemon: string, asked: IncomingMessage): RequestOptions {
  const { hostname, port } = new URL(daemon);
  return { hostname, port, method: asked.method, path: asked.url, headers: asked.headers };
}

function headerLines(raw: string[]): string {
  let lines = "";
  for (let i = 0; i < raw.length; i += 2) lines += `${raw[i]}: ${raw[i + 1]}\r\n`;
  return lines;
}

function join(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
  one.on("close", () => other.destroy());
  other.on("close", () => one.destroy());
}
