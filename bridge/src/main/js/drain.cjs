// A server that is told to stop first drains: it goes on accepting for a while, and its answers say `Connection: close`.
"use strict";

const { HOLD_MS, afterHold } = require("./hold-back.cjs");

const isBun = typeof Bun !== "undefined";

/** How long a server goes on accepting after it was told to stop, in milliseconds. */
const DRAIN_MS = 100;

/** How long an app without a signal handler of its own may finish its requests after the drain, in milliseconds. */
const FINISH_MS = 1000;

/** What to call to stop each server that listens, with its drain; each returns a promise. */
const stops = new Set();

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

const drained = new WeakSet();

/** close() of a node:http server, in Node and in Bun. */
function drainThenClose(server, realClose, callback) {
  if (drained.has(server) || !server.listening) return realClose.call(server, callback);
  drained.add(server);
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
    if (!response.headersSent) response.setHeader("Connection", "close");
  });
  afterDrain(server.address().port, () => realClose.call(server, callback));
  return server;
}

/** Goes on when a server on that port has accepted for long enough and has nothing left to accept. */
function afterDrain(port, goOn) {
  const canHold = isBun && typeof port === "number";
  setTimeout(() => (canHold ? afterHold(port, goOn) : goOn()), DRAIN_MS);
}

module.exports = { afterDrain, drainOnSignals, drainThenClose, stops };
