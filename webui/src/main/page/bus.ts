import EventBus from "@vertx/eventbus-bridge-client.js";
import { signal } from "@preact/signals";
import type { Answer, AnswerOf } from "./api";

const COMMAND = "bunctl.v1.command";

type Listener = (body: any) => void;
type Connection = "connecting" | "open" | "lost";

/** How the page is connected to the daemon. */
export const connection = signal<Connection>("connecting");

/** Counts connections: what depends on the daemon's memory is asked anew with each. */
export const epoch = signal(0);

/** Messages that the daemon had to drop because this browser was too slow. */
export const dropped = signal(0);

export class Refusal extends Error {
  constructor(
    readonly code: string,
    detail: string,
    readonly hint: string | null,
  ) {
    super(detail);
  }
}

interface Socket {
  state: number;
  onopen: () => void;
  onclose: () => void;
  onerror: (problem: { message?: string; dropped?: number }) => void;
  registerHandler(address: string, handler: (problem: unknown, message: { body: unknown }) => void): void;
  unregisterHandler(address: string, handler: unknown): void;
  send(address: string, body: unknown, callback: (problem: { message: string } | null, reply: any) => void): void;
  close(): void;
}

const listeners = new Map<string, { all: Set<Listener>; handler: unknown }>();
let socket: Socket | null = null;
let retry = 0;
let attempts = 0;
let onLoggedOut: () => void = () => {};

/** Connects, and again whenever the connection is lost, until {@link disconnect}. */
export function connect(loggedOut: () => void): void {
  onLoggedOut = loggedOut;
  open();
}

export function disconnect(): void {
  window.clearTimeout(retry);
  const last = socket;
  socket = null;
  last?.close();
}

function open(): void {
  const made: Socket = new (EventBus as any)(`${location.origin}/bus`, {
    transports: ["websocket"],
    vertxbus_ping_interval: 5000,
    timeout: 5000,
  });
  socket = made;
  made.onopen = () => {
    if (socket !== made) return;
    attempts = 0;
    listeners.forEach((listener, address) => listen(made, address, listener));
    connection.value = "open";
    epoch.value++;
  };
  made.onclose = () => {
    if (socket !== made) return;
    connection.value = "lost";
    retry = window.setTimeout(again, Math.min(250 * 2 ** attempts++, 3000));
  };
  made.onerror = (problem) => {
    if (problem.message === "slow_consumer") dropped.value += problem.dropped ?? 0;
  };
}

/** A daemon that is back may have forgotten this login; only HTTP can tell. */
async function again(): Promise<void> {
  try {
    const answer = await fetch("session", { cache: "no-store" });
    if (answer.status === 401) {
      socket = null;
      onLoggedOut();
      return;
    }
  } catch {
    // The daemon is not back yet: the next try will tell.
    retry = window.setTimeout(again, Math.min(250 * 2 ** attempts++, 3000));
    return;
  }
  open();
}

function listen(to: Socket, address: string, listener: { all: Set<Listener>; handler: unknown }): void {
  const handler = (problem: unknown, message: { body: unknown }) => {
    if (!problem) listener.all.forEach((one) => one(message.body));
  };
  listener.handler = handler;
  to.registerHandler(address, handler);
}

/** Hears what is published at an address, over lost connections too; the result ends that. */
export function subscribe<T>(address: string, heard: (body: T) => void): () => void {
  let listener = listeners.get(address);
  if (!listener) {
    listener = { all: new Set(), handler: null };
    listeners.set(address, listener);
    if (socket && connection.value === "open") listen(socket, address, listener);
  }
  listener.all.add(heard as Listener);
  return () => {
    listener.all.delete(heard as Listener);
    if (listener.all.size === 0 && listeners.get(address) === listener) {
      listeners.delete(address);
      if (socket && connection.value === "open") socket.unregisterHandler(address, listener.handler);
    }
  };
}

/** Asks the daemon; fails with a {@link Refusal} when it refuses, or with what went wrong on the way. */
export function ask<K extends Answer["answer"]>(
  command: string,
  kind: K,
  members: Record<string, unknown> = {},
): Promise<AnswerOf<K>> {
  return new Promise((resolve, reject) => {
    if (!socket || connection.value !== "open") {
      reject(new Error("not connected to the daemon"));
      return;
    }
    const lost = connection.subscribe((now) => {
      if (now === "lost") reject(new Error("the connection was lost; the daemon goes on with what it accepted"));
    });
    socket.send(COMMAND, { version: 1, command, ...members }, (problem, reply) => {
      queueMicrotask(() => lost());
      if (problem) {
        reject(new Error(problem.message));
        return;
      }
      const answer = reply.body as Answer;
      if (answer.answer === "refused") reject(new Refusal(answer.code, answer.detail, answer.hint));
      else if (answer.answer === kind) resolve(answer as AnswerOf<K>);
      else reject(new Error(`${kind} was asked for, not ${answer.answer}`));
    });
  });
}
