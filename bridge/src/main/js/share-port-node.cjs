// Servers of Node that share their port and drain before they close.
"use strict";

const { drainOnSignals, drainThenClose, stops } = require("./drain.cjs");
const { derive, override } = require("./objects.cjs");

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

/** Makes every TCP server of this process share its port. */
function sharePort() {
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

module.exports = { sharePort };
