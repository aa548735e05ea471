// process.send() and process.on("message") over a Unix socket; see docs/app-channel.md.
"use strict";

/** Waits between two attempts to reach the daemon: first, and at most, in milliseconds. */
const RECONNECT_MS = [100, 2000];

/** How long unsent messages keep a process alive that would end otherwise, in milliseconds. */
const LINGER_MS = 1000;

/** Messages that wait for a connection, and the length of one line, each way. */
const MAX_WAITING = 100;
const MAX_LINE = 65536;

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

module.exports = { openChannel };
