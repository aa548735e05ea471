// Runs in an app before its own code, given by `bun --preload` or `node --require`. Does two things, each only when the daemon
// asks for it by an environment variable, which is taken away again so that children of the app do not see it:
//
// BUNCTL_SHARE_PORT=1    TCP servers listen with SO_REUSEPORT, and when they are told to stop they first drain: answers
//                        say `Connection: close` and new connections are still accepted for DRAIN_MS, so that a
//                        rolling reload loses no request.
// BUNCTL_NOTIFY=<path>   process.send() and process.on("message") talk to the daemon over this Unix socket, one JSON
//                        object a line; see docs/app-channel.md.
"use strict";

/** How long a server goes on accepting after it was told to stop, in milliseconds. */
const DRAIN_MS = 100;

/** How long, at the end of the drain, no new connection is let in, in milliseconds; see holdBack(). */
const HOLD_MS = 20;

/** How long an app without a signal handler of its own may finish its requests after the drain, in milliseconds. */
const FINISH_MS = 1000;

/** Waits between two attempts to reach the daemon: first, and at most, in milliseconds. */
const RECONNECT_MS = [100, 2000];

/** How long unsent messages keep a process alive that would end otherwise, in milliseconds. */
const LINGER_MS = 1000;

/** Messages that wait for a connection, and the length of one line, each way. */
const MAX_WAITING = 100;
const MAX_LINE = 65536;

const isBun = typeof Bun !== "undefined";
const wantsShare = process.env.BUNCTL_SHARE_PORT === "1";
const notifyPath = process.env.BUNCTL_NOTIFY;
delete process.env.BUNCTL_SHARE_PORT;
delete process.env.BUNCTL_NOTIFY;

/** What to call to stop each server that listens, with its drain; each returns a promise. */
const stops = new Set();

/** Sets a property over a getter, a frozen prototype or nothing. */
function override(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}

/** The object with some members replaced, without touching it: methods and getters of classes stay reachable. */
function derive(object, members) {
  const derived = Object.create(object);
  for (const name of Object.keys(members)) {
    Object.defineProperty(derived, name, { value: members[name], writable: true, configurable: true, enumerable: true });
  }
  return derived;
}

// ---- the drain ------------------------------------------------------------------------------------------------------

let handlesSignals = false;

/** An app that does not handle the stop signal itself gets its servers drained before it dies of the signal. */
function drainOnSignals() {
  if (handlesSignals) return;
  handlesSignals = true;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const handler = () => {
      if (process.listenerCount(signal) > 1) return;
      const die = () => {
        process.removeListener(signal, handler);
        process.kill(process.pid, signal);
      };
      setTimeout(die, DRAIN_MS + HOLD_MS + FINISH_MS);
      Promise.allSettled([...stops].map((stop) => stop())).then(die);
    };
    process.on(signal, handler);
  }
}

// ---- Bun ------------------------------------------------------------------------------------------------------------

/** Drops every packet that opens a connection (SYN without ACK) and lets all others pass; see bpf(4) for the codes. */
const NO_NEW_CONNECTIONS = [
  [0x30, 0, 0, 13], // load the byte with the flags of the TCP header
  [0x54, 0, 0, 0x12], // keep SYN and ACK
  [0x15, 1, 0, 0x02], // SYN alone?
  [0x06, 0, 0, 0xffffffff], // no: pass
  [0x06, 0, 0, 0], // yes: drop
];

/** Descriptors of this process that listen on a TCP port. */
function listeningDescriptors(port) {
  const fs = require("node:fs");
  const listening = `:${port.toString(16).toUpperCase().padStart(4, "0")} `;
  const sockets = new Set();
  for (const table of ["/proc/self/net/tcp", "/proc/self/net/tcp6"]) {
    if (!fs.existsSync(table)) continue;
    for (const line of fs.readFileSync(table, "utf8").split("\n")) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === "0A" && `${local} `.endsWith(listening)) sockets.add(`socket:[${inode}]`);
    }
  }
  return fs.readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return sockets.has(fs.readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false; // it is the descriptor of this very listing, closed by now
    }
  });
}

/** Whether the kernel hands connections that wait to another listener by itself. */
function kernelMigrates() {
  const setting = "/proc/sys/net/ipv4/tcp_migrate_req";
  const fs = require("node:fs");
  return fs.existsSync(setting) && fs.readFileSync(setting, "utf8").trim() === "1";
}

/** The C library that this process has loaded: glibc's or musl's. */
function libcName() {
  const maps = require("node:fs").readFileSync("/proc/self/maps", "utf8");
  return /\S*\/(libc\.so\.6|ld-musl-\S+|libc\.musl-\S+)$/m.exec(maps)?.[0] ?? "libc.so.6";
}

/** Holds new connections back and then goes on; without the kernel's help it goes on at once. */
function afterHold(port, goOn) {
  let held = false;
  try {
    held = holdBack(port);
  } catch (error) {
    process.stderr.write(`bunctl: connections made while a server closes may be reset: ${error.message}\n`);
  }
  if (held) setTimeout(goOn, HOLD_MS);
  else goOn();
}

/**
 * A listener that is closed takes connections that it has not accepted yet with it: they are reset. So before it is
 * closed the kernel is told to ignore attempts to connect to it; who tried tries again by itself, within a second, and
 * reaches another instance. Answers whether the kernel obeys: only Linux has this.
 */
function holdBack(port) {
  if (process.platform !== "linux" || kernelMigrates()) return false;
  const { dlopen, ptr } = require("bun:ffi");
  const libc = dlopen(libcName(), { setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" } });
  const filter = new DataView(new ArrayBuffer(NO_NEW_CONNECTIONS.length * 8));
  NO_NEW_CONNECTIONS.forEach(([code, ifTrue, ifFalse, value], at) => {
    filter.setUint16(at * 8, code, true);
    filter.setUint8(at * 8 + 2, ifTrue);
    filter.setUint8(at * 8 + 3, ifFalse);
    filter.setUint32(at * 8 + 4, value, true);
  });
  const program = new DataView(new ArrayBuffer(16));
  program.setUint16(0, NO_NEW_CONNECTIONS.length, true);
  program.setBigUint64(8, BigInt(ptr(filter)), true);
  const SOL_SOCKET = 1;
  const SO_ATTACH_FILTER = 26;
  const held = listeningDescriptors(port).map((fd) => libc.symbols.setsockopt(Number(fd), SOL_SOCKET, SO_ATTACH_FILTER, ptr(program), 16));
  return held.length > 0 && held.every((result) => result === 0);
}

function closing(response) {
  if (!(response instanceof Response)) return response;
  try {
    response.headers.set("connection", "close");
    return response;
  } catch {
    // Headers of a response that was fetched cannot be changed: those of a copy can.
    const copy = new Response(response.body, response);
    copy.headers.set("connection", "close");
    return copy;
  }
}

function closingHandler(handler) {
  return function (...args) {
    const response = handler.apply(this, args);
    return response instanceof Promise ? response.then(closing) : closing(response);
  };
}

function closingRoute(route) {
  if (typeof route === "function") return closingHandler(route);
  if (route instanceof Response) return () => closing(route.clone());
  if (route === null || typeof route !== "object" || Object.getPrototypeOf(route) !== Object.prototype) return route;
  const methods = {};
  for (const method of Object.keys(route)) methods[method] = closingRoute(route[method]);
  return methods;
}

function closingOptions(options) {
  const members = {};
  if (typeof options.fetch === "function") members.fetch = closingHandler(options.fetch);
  if (typeof options.error === "function") members.error = closingHandler(options.error);
  if (options.routes && typeof options.routes === "object") members.routes = closingRoute({ ...options.routes });
  return derive(options, members);
}

function drainBunServer(server, options) {
  const realStop = server.stop;
  const realReload = server.reload;
  let current = options;
  let stopping;
  const stop = (closeActive) => {
    if (closeActive) {
      stops.delete(stop);
      return realStop.call(server, true);
    }
    stopping ??= new Promise((resolve, reject) => {
      realReload.call(server, closingOptions(current));
      const finish = () => {
        stops.delete(stop);
        Promise.resolve(realStop.call(server, false)).then(resolve, reject);
      };
      setTimeout(() => afterHold(server.port, finish), DRAIN_MS);
    });
    return stopping;
  };
  override(server, "stop", stop);
  override(server, "reload", (next) => {
    current = next;
    return realReload.call(server, stopping ? closingOptions(next) : next);
  });
  stops.add(stop);
}

function shareInBun() {
  const realServe = Bun.serve;
  Bun.serve = function serve(options) {
    if (options === null || typeof options !== "object" || options.unix) return realServe.call(Bun, options);
    const server = realServe.call(Bun, derive(options, { reusePort: options.reusePort === undefined || options.reusePort || "onNodeHTTPRequest" in options }));
    drainOnSignals();
    if ("onNodeHTTPRequest" in options) {
      drainNodeHttpPrototypes();
    } else {
      drainBunServer(server, options);
    }
    return server;
  };
  const realListen = Bun.listen;
  Bun.listen = function listen(options) {
    const isTcp = options !== null && typeof options === "object" && !options.unix && options.fd === undefined;
    return realListen.call(Bun, isTcp ? derive(options, { reusePort: true }) : options);
  };
}

/** In Bun a node:http server shows itself when it calls Bun.serve: by then node:http is loaded, and not before. */
function drainNodeHttpPrototypes() {
  for (const name of ["node:http", "node:https"]) {
    const prototype = require(name).Server.prototype;
    if (!Object.hasOwn(prototype, "close") || prototype.close.isDrain) continue;
    const realClose = prototype.close;
    const close = function (callback) {
      return drainThenClose(this, realClose, callback);
    };
    close.isDrain = true;
    override(prototype, "close", close);
  }
}

// ---- node:http, in both ---------------------------------------------------------------------------------------------

const drained = new WeakSet();

function drainThenClose(server, realClose, callback) {
  if (drained.has(server) || !server.listening) return realClose.call(server, callback);
  drained.add(server);
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
    if (!response.headersSent) response.setHeader("Connection", "close");
  });
  const finish = () => realClose.call(server, callback);
  setTimeout(() => (isBun ? afterHold(server.address().port, finish) : finish()), DRAIN_MS);
  return server;
}

// ---- Node -----------------------------------------------------------------------------------------------------------

/** `reusePort` of net.Server came with 22.12 and 23.1. */
function canSharePorts() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
}

/** The arguments of listen() with reusePort, or as they are when it is about no TCP port. */
function sharedListen(args) {
  const [first] = args;
  if (first !== null && typeof first === "object") {
    const isTcp = first.port !== undefined && first.path === undefined && first.fd === undefined && first.handle === undefined;
    return isTcp ? [derive(first, { reusePort: true }), ...args.slice(1)] : args;
  }
  const isPort = typeof first === "number" || (typeof first === "string" && first.trim() !== "" && Number.isInteger(Number(first)));
  if (!isPort) return args;
  const options = { port: Number(first), reusePort: true };
  for (const arg of args.slice(1)) {
    if (typeof arg === "string") options.host = arg;
    else if (typeof arg === "number") options.backlog = arg;
  }
  const callback = args[args.length - 1];
  return typeof callback === "function" ? [options, callback] : [options];
}

function shareInNode() {
  const net = require("node:net");
  const realListen = net.Server.prototype.listen;
  const shares = canSharePorts();
  let warned = false;
  override(net.Server.prototype, "listen", function listen(...args) {
    const shared = sharedListen(args);
    if (shared === args) return realListen.apply(this, args);
    if (!shares && !warned) {
      warned = true;
      process.stderr.write(`bunctl: Node ${process.versions.node} cannot share a port between instances: that needs 22.12, 23.1 or later\n`);
    }
    if (typeof this.closeIdleConnections === "function") drainNodeServer(this);
    return realListen.apply(this, shares ? shared : args);
  });
}

function drainNodeServer(server) {
  if (Object.hasOwn(server, "close")) return;
  const realClose = server.close;
  override(server, "close", function close(callback) {
    return drainThenClose(this, realClose, callback);
  });
  const stop = () => new Promise((resolve) => server.close(resolve));
  stops.add(stop);
  server.once("close", () => stops.delete(stop));
  drainOnSignals();
}

// ---- messages to and from the daemon --------------------------------------------------------------------------------

function openChannel(path) {
  const net = require("node:net");
  const waiting = [];
  let socket;
  let connected = false;
  let closed = false;
  let wasReady = false;
  let delay = RECONNECT_MS[0];
  let unwritten = 0;

  const write = (line, callback) => {
    unwritten++;
    socket.write(line, (error) => {
      unwritten--;
      if (unwritten === 0 && waiting.length === 0) socket.unref();
      callback?.(error ?? null);
    });
  };

  const take = (line) => {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      socket.destroy(new Error("malformed line"));
      return;
    }
    if (message?.type === "message") process.emit("message", message.data);
  };

  const connect = () => {
    let buffered = "";
    socket = net.createConnection(path);
    socket.setEncoding("utf8");
    socket.on("connect", () => {
      connected = true;
      delay = RECONNECT_MS[0];
      write(`${JSON.stringify({ type: "hello", version: 1, pid: process.pid, ready: wasReady })}\n`);
      for (const { line, callback } of waiting.splice(0)) write(line, callback);
    });
    socket.on("data", (text) => {
      const lines = (buffered + text).split("\n");
      buffered = lines.pop();
      if (buffered.length > MAX_LINE) socket.destroy(new Error("line too long"));
      lines.forEach(take);
    });
    // Whatever goes wrong, the close event follows, and with it the next attempt.
    socket.on("error", () => {});
    socket.on("close", () => {
      connected = false;
      unwritten = 0;
      if (closed) return;
      setTimeout(connect, delay).unref();
      delay = Math.min(delay * 2, RECONNECT_MS[1]);
    });
    if (waiting.length === 0) socket.unref();
  };

  /** Keeps the process alive until what waits is written, but not for long. */
  const linger = () => {
    socket.ref();
    const end = setTimeout(() => socket.unref(), LINGER_MS);
    return () => clearTimeout(end);
  };

  process.send = (data, ...rest) => {
    const callback = rest.find((argument) => typeof argument === "function");
    const line = `${JSON.stringify({ type: "message", data })}\n`;
    if (closed || line.length > MAX_LINE || waiting.length >= MAX_WAITING) {
      const error = new Error(closed ? "channel closed" : "message too long, or too many are waiting");
      if (callback) process.nextTick(callback, error);
      return false;
    }
    if (data === "ready") wasReady = true;
    const lingered = linger();
    const sent = (error) => {
      lingered();
      callback?.(error);
    };
    if (connected) write(line, sent);
    else waiting.push({ line, callback: sent });
    return true;
  };
  Object.defineProperty(process, "connected", { get: () => !closed, configurable: true, enumerable: true });
  process.disconnect = () => {
    closed = true;
    socket.end();
    process.emit("disconnect");
  };
  connect();
}

if (wantsShare && process.env.NODE_UNIQUE_ID === undefined) {
  if (isBun) shareInBun();
  else shareInNode();
}
if (notifyPath && !process.send) openChannel(notifyPath);
