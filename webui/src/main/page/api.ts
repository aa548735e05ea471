/** What comes over the event bus, as docs/event-bus-api.md describes it. */

export type State = "launching" | "online" | "stopping" | "stopped" | "waiting_restart" | "errored";
export type Role = "observer" | "operator" | "admin";

export interface Instance {
  id: number;
  name: string;
  instance: number;
  namespace: string;
  pid: number | null;
  state: State;
  generation: number;
  restarts: number;
  uptime_ms: number;
  cpu_percent: number | null;
  memory_bytes: number | null;
  exit_code: number | null;
  reason: string;
  out_log: string;
  err_log: string;
  usage?: Usage;
}

export interface Usage {
  instance: string;
  cpu_ms: number;
  memory_bytes: number;
  processes: number;
  throttled_ms?: number;
  held_memory_bytes?: number | null;
  peak_memory_bytes?: number | null;
  cpu_pressure_percent?: number;
  memory_pressure_percent?: number;
  disk_pressure_percent?: number;
}

export interface Crash {
  at: string;
  instance: string;
  generation: number;
  pid: number;
  kind: string;
  cause: string;
  exit_code: number | null;
  signal: string | null;
  uptime_ms: number;
  decision: string;
  last_lines: string[];
}

export interface AppEvent {
  at: string;
  type: string;
  instance: string;
  state: State;
  pid: number | null;
  generation: number;
  restarts: number;
  exit_code: number | null;
  reason: string;
}

export interface LogLine {
  at: string;
  app: string;
  instance: number | null;
  stream: "stdout" | "stderr" | "combined";
  line?: string;
  gap?: string;
}

export interface Description {
  spec: Record<string, unknown>;
  instances: Instance[];
  crashes: Crash[];
  usage: Usage[];
  origin?: { file: string; environment?: string; watched?: boolean };
  configuration: Sourced[];
}

/** A value, and where it comes from: a file with line and column, an option, a command, or `default`. */
export interface Sourced {
  field: string;
  value: string;
  source: string;
}

export interface Series {
  instance: string;
  cpu_percent?: (number | null)[];
  memory_bytes?: (number | null)[];
  throttled_percent?: (number | null)[];
  cpu_pressure_percent?: (number | null)[];
  memory_pressure_percent?: (number | null)[];
  disk_pressure_percent?: (number | null)[];
}

export interface NodeEntry {
  node: string;
  reachable: boolean;
  unreachable_since: string | null;
  self: boolean;
  daemon_version: string;
  instances: number;
  online: number;
}

/** What is published of a node. */
export interface NodeNews {
  at: string;
  node: string;
  reachable: boolean;
  unreachable_since: string | null;
  left: boolean;
  daemon_version: string;
  apps: Instance[];
}

export interface Capability {
  name: string;
  available: boolean;
  cause: string;
}

export type Answer =
  | { answer: "pong"; daemon_pid: number; guard_pid: number; daemon_version: string; uptime_ms: number; home: string }
  | { answer: "status"; apps: Instance[]; warnings: string[]; capabilities?: Capability[] }
  | { answer: "description"; apps: Description[]; warnings: string[] }
  | { answer: "history"; crashes: Crash[] }
  | { answer: "usage_history"; times_ms: number[]; series: Series[] }
  | { answer: "recent_events"; events: AppEvent[] }
  | { answer: "nodes"; node: string | null; nodes: NodeEntry[]; problem: string | null }
  | { answer: "of_nodes"; nodes: { node: string; reachable: boolean; unreachable_since: string | null; answer: Answer }[] }
  | {
      answer: "log_batch";
      number: number;
      lines: LogLine[];
      resume: { since: string; at: Record<string, string> };
      last: boolean;
    }
  | { answer: "log_lines"; lines: LogLine[]; complete: boolean }
  | {
      answer: "changed";
      results: { instance: string; succeeded: boolean; outcome: string; last_lines: string[] }[];
      apps: Instance[];
      warnings: string[];
    }
  | { answer: "refused"; code: string; detail: string; hint: string | null };

export type AnswerOf<K extends Answer["answer"]> = Extract<Answer, { answer: K }>;
