import type { LogLine } from "./api";

export type Level = "error" | "warn" | "info" | "debug" | "plain";

export interface Entry {
  key: number;
  at: string;
  app: string;
  instance: number | null;
  stream: string;
  text: string;
  level: Level;
  gap: boolean;
}

const ESCAPES = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0000-\u0008\u000b-\u001f\u007f]/g;
const ERROR = /\b(?:error|fatal|panic|exception|crit(?:ical)?)\b|"level":\s*(?:50|60|"(?:error|fatal)")/i;
const WARN = /\bwarn(?:ing)?\b|"level":\s*(?:40|"warn(?:ing)?")/i;
const DEBUG = /\b(?:debug|trace)\b|"level":\s*(?:10|20|"(?:debug|trace)")/i;
const INFO = /\binfo\b|"level":\s*(?:30|"info")/i;

/** How serious a line is, as far as its first words or its JSON tell. */
export function levelOf(text: string, stream: string): Level {
  const head = text.length > 200 ? text.slice(0, 200) : text;
  if (ERROR.test(head)) return "error";
  if (WARN.test(head)) return "warn";
  if (DEBUG.test(head)) return "debug";
  if (INFO.test(head)) return "info";
  return stream === "stderr" ? "warn" : "plain";
}

/** Lines in the order of their arrival; the oldest give way. Appending costs the same however many there are. */
export class LogBuffer {
  private entries: Entry[] = [];
  private start = 0;
  private nextKey = 0;

  constructor(readonly capacity = 100_000) {}

  get length(): number {
    return this.entries.length - this.start;
  }

  /** Lines that were taken in, those that gave way included. */
  get total(): number {
    return this.nextKey;
  }

  at(index: number): Entry | undefined {
    return this.entries[this.start + index];
  }

  append(lines: LogLine[]): Entry[] {
    const added: Entry[] = [];
    for (const line of lines) {
      const text = (line.line ?? line.gap ?? "").replace(ESCAPES, "");
      const entry: Entry = {
        key: this.nextKey++,
        at: line.at,
        app: line.app,
        instance: line.instance,
        stream: line.stream,
        text,
        level: line.gap === undefined ? levelOf(text, line.stream) : "warn",
        gap: line.gap !== undefined,
      };
      this.entries.push(entry);
      added.push(entry);
    }
    this.trim();
    return added;
  }

  private trim(): void {
    const over = this.length - this.capacity;
    if (over > 0) {
      this.start += over;
      if (this.start > this.capacity / 4) {
        this.entries = this.entries.slice(this.start);
        this.start = 0;
      }
    }
  }

  clear(): void {
    this.entries = [];
    this.start = 0;
  }

  filter(keep: (entry: Entry) => boolean): Entry[] {
    const kept: Entry[] = [];
    for (let i = this.start; i < this.entries.length; i++) {
      const entry = this.entries[i]!;
      if (keep(entry)) kept.push(entry);
    }
    return kept;
  }
}

const identity = (line: LogLine) => `${line.at}\u0000${line.app}\u0000${line.instance}\u0000${line.stream}\u0000${line.line ?? line.gap}`;

/** How far the two roads by which a line comes may lie apart. */
const OVERLAP_MILLIS = 10_000;

/** Where the past ends and what comes live begins: a line that came by both roads, whichever was quicker, is there once. */
export class Seam {
  private readonly seen = new Map<string, number>();
  private readonly end: number;

  constructor(past: LogLine[]) {
    this.end = past.reduce((latest, line) => Math.max(latest, Date.parse(line.at)), 0);
    for (const line of past) {
      if (Date.parse(line.at) < this.end - OVERLAP_MILLIS) continue;
      const key = identity(line);
      this.seen.set(key, (this.seen.get(key) ?? 0) + 1);
    }
  }

  /** Those that the past has not. */
  fresh(live: LogLine[]): LogLine[] {
    if (this.seen.size === 0) return live;
    if (live.length > 0 && Date.parse(live[0]!.at) > this.end + OVERLAP_MILLIS) {
      this.seen.clear();
      return live;
    }
    return live.filter((line) => {
      const key = identity(line);
      const count = this.seen.get(key) ?? 0;
      if (count > 1) this.seen.set(key, count - 1);
      else if (count === 1) this.seen.delete(key);
      return count === 0;
    });
  }
}
