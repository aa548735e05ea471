// Servers of Bun that share their port and drain before they stop.
"use strict";

const { afterDrain, drainOnSignals, drainThenClose, stops } = require("./drain.cjs");
const { derive, override } = require("./objects.cjs");

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
      afterDrain(server.port, finish);
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

/** Makes every TCP server of this process share its port. */
function sharePort() {
  const realServe = Bun.serve;
  Bun.serve = function serve(options) {
    if (options === null || typeof options !== "object" || options.unix) return realServe.call(Bun, options);
    const isNodeHttp = "onNodeHTTPRequest" in options;
    const reusePort = isNodeHttp || options.reusePort !== false;
    const server = realServe.call(Bun, derive(options, { reusePort }));
    drainOnSignals();
    if (isNodeHttp) {
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

module.exports = { sharePort };
