// Talks to a bunctl daemon: a client of the Vert.x TCP event-bus bridge for Bun and Node, without any package.
// Usage: bun bus.mjs status | stop NAME... | watch
// Over its Unix socket; or, when BUNCTL_HOST (host:port) is set, over TCP with TLS, the token in BUNCTL_TOKEN, and
// BUNCTL_CA, a PEM file with the certificate that is expected there (tls/certificate.pem in the daemon's home).
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";

const home = process.env.BUNCTL_HOME ?? path.join(os.homedir(), ".bunctl");

export class Bus {
  #socket;
  #buffered = Buffer.alloc(0);
  #replies = new Map();
  #handlers = new Map();
  #lastReply = 0;

  static connect(file = path.join(home, "run", "bunctl.sock")) {
    return Bus.#opened(net.createConnection(file), "connect");
  }

  /** Over TCP, with TLS and a token. */
  static async connectTo(where, certificate, token) {
    const colon = where.lastIndexOf(":");
    const host = where.slice(0, colon);
    // No name of a server is sent for an address, but the certificate is checked for it.
    const servername = net.isIP(host) ? "" : host;
    const checkServerIdentity = (_, shown) => tls.checkServerIdentity(host, shown);
    const options = { host, port: Number(where.slice(colon + 1)), ca: certificate, servername, checkServerIdentity };
    const bus = await Bus.#opened(tls.connect(options), "secureConnect");
    await bus.request("bunctl.v1.login", { version: 1, token });
    return bus;
  }

  static #opened(socket, event) {
    return new Promise((resolve, reject) => {
      socket.once(event, () => resolve(new Bus(socket)));
      socket.once("error", reject);
    });
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("close", () => {
      for (const reply of this.#replies.values()) reply.reject(new Error("connection closed"));
      this.#replies.clear();
    });
  }

  /** Sends a body and waits for the reply to it. */
  request(address, body) {
    const replyAddress = `r${++this.#lastReply}`;
    return new Promise((resolve, reject) => {
      this.#replies.set(replyAddress, { resolve, reject });
      this.#write({ type: "send", address, replyAddress, body });
    });
  }

  /** Sends one typed command and waits for its answer. */
  command(command, members = {}) {
    return this.request("bunctl.v1.command", { version: 1, command, ...members });
  }

  /** Calls the handler with every body that is published there. */
  register(address, handler) {
    this.#handlers.set(address, handler);
    this.#write({ type: "register", address });
  }

  close() {
    this.#socket.end();
  }

  #write(frame) {
    const body = Buffer.from(JSON.stringify(frame));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    this.#socket.write(Buffer.concat([head, body]));
  }

  #read(chunk) {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    while (this.#buffered.length >= 4) {
      const end = 4 + this.#buffered.readUInt32BE();
      if (this.#buffered.length < end) return;
      const frame = JSON.parse(this.#buffered.subarray(4, end).toString());
      this.#buffered = this.#buffered.subarray(end);
      this.#take(frame);
    }
  }

  #take(frame) {
    const reply = this.#replies.get(frame.address);
    if (reply) {
      this.#replies.delete(frame.address);
      if (frame.type === "err") reply.reject(new Error(frame.message));
      else reply.resolve(frame.body);
    } else if (frame.type === "message") {
      this.#handlers.get(frame.address)?.(frame.body);
    } else if (frame.type === "err") {
      console.error(`bus: ${frame.message}`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.filename === process.argv[1]) {
  const [what = "status", ...names] = process.argv.slice(2);
  const { BUNCTL_HOST, BUNCTL_CA, BUNCTL_TOKEN } = process.env;
  const bus = BUNCTL_HOST
    ? await Bus.connectTo(BUNCTL_HOST, fs.readFileSync(BUNCTL_CA), BUNCTL_TOKEN)
    : await Bus.connect();
  if (what === "watch") {
    bus.register("bunctl.v1.events", (event) => console.log(JSON.stringify(event)));
  } else {
    const answer = await bus.command(what, names.length > 0 ? { apps: names } : {});
    console.log(JSON.stringify(answer));
    bus.close();
  }
}
