// Keeps new connections away from a listener that is about to be closed.
"use strict";

/** How long, at the end of the drain, no new connection is let in, in milliseconds; see holdBack(). */
const HOLD_MS = 20;

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

module.exports = { HOLD_MS, afterHold };
