import { computed, effect, signal } from "@preact/signals";
import { ask, connection, epoch, Refusal, subscribe } from "./bus";
import type { AnswerOf, AppEvent, Instance, Role, State } from "./api";

export interface User {
  name: string;
  role: Role;
}

/** What all views share. */
export const user = signal<User | null>(null);
export const instances = signal<Instance[]>([]);
export const loaded = signal(false);
export const warnings = signal<string[]>([]);
export const events = signal<AppEvent[]>([]);
export const notices = signal<Notice[]>([]);

/** CPU of each instance over the last minutes, newest last. */
export const sparks = signal<Map<string, number[]>>(new Map());

export interface Notice {
  key: number;
  kind: "good" | "bad" | "info";
  text: string;
  detail?: string;
}

const SPARK_SAMPLES = 60;
const MAX_EVENTS = 1000;
const NOTICE_MILLIS = 8000;
/** With more than this the past is not asked for all at once; it grows while one looks. */
const MANY_INSTANCES = 100;

export interface App {
  name: string;
  namespace: string;
  instances: Instance[];
  state: State;
  online: number;
  cpu: number | null;
  memory: number | null;
  restarts: number;
  uptime: number;
  /** Where it is, when that is another node of the cluster. */
  node?: string;
  unreachableSince?: string | null;
}

/** Its name, with that of its node where that is another one. */
export const titleOf = (app: App) => (app.node == null ? app.name : `${app.node}/${app.name}`);

/** The worst comes first: it is what one looks for. */
const SEVERITY: State[] = ["errored", "waiting_restart", "stopping", "launching", "online", "stopped"];

const sum = (values: (number | null)[]): number | null =>
  values.some((value) => value != null) ? values.reduce<number>((all, value) => all + (value ?? 0), 0) : null;

export const apps = computed<App[]>(() => grouped(instances.value));

/** Apps of one node, by their instances. */
export function grouped(all: Instance[]): App[] {
  const byName = new Map<string, Instance[]>();
  for (const instance of all) {
    const mine = byName.get(instance.name);
    if (mine) mine.push(instance);
    else byName.set(instance.name, [instance]);
  }
  return [...byName].map(([name, mine]) => ({
    name,
    namespace: mine[0]!.namespace,
    instances: mine,
    state: SEVERITY.find((state) => mine.some((one) => one.state === state)) ?? "stopped",
    online: mine.filter((one) => one.state === "online").length,
    cpu: sum(mine.map((one) => one.cpu_percent)),
    memory: sum(mine.map((one) => one.memory_bytes)),
    restarts: mine.reduce((all, one) => all + one.restarts, 0),
    uptime: Math.max(0, ...mine.map((one) => one.uptime_ms)),
  }));
}

export const nameOf = (instance: Instance) => `${instance.name}:${instance.instance}`;

let noticeKey = 0;

export function notify(kind: Notice["kind"], text: string, detail?: string): void {
  const notice: Notice = { key: noticeKey++, kind, text, detail };
  notices.value = [...notices.value.slice(-3), notice];
  window.setTimeout(() => {
    notices.value = notices.value.filter((one) => one !== notice);
  }, NOTICE_MILLIS);
}

export function allows(role: Role): boolean {
  const order: Role[] = ["observer", "operator", "admin"];
  return user.value != null && order.indexOf(user.value.role) >= order.indexOf(role);
}

async function load(): Promise<void> {
  try {
    const status = await ask("status", "status");
    instances.value = status.apps;
    warnings.value = status.warnings ?? [];
    loaded.value = true;
    const recent = await ask("recent_events", "recent_events");
    events.value = recent.events;
    if (status.apps.length <= MANY_INSTANCES) {
      const history = await ask("usage_history", "usage_history");
      sparks.value = new Map(
        history.series.map((one) => [one.instance, (one.cpu_percent ?? []).slice(-SPARK_SAMPLES).map((it) => it ?? 0)]),
      );
    }
  } catch (problem) {
    if (connection.value === "open") notify("bad", "The daemon did not answer", String((problem as Error).message));
  }
}

function sampled(body: { apps: Instance[] }): void {
  instances.value = body.apps;
  loaded.value = true;
  const next = new Map<string, number[]>();
  for (const one of body.apps) {
    const name = nameOf(one);
    const past = sparks.value.get(name) ?? [];
    next.set(name, [...past.slice(1 - SPARK_SAMPLES), one.cpu_percent ?? 0]);
  }
  sparks.value = next;
}

/** An event tells at once what the next sample would. */
function happened(event: AppEvent): void {
  events.value = [...events.value.slice(1 - MAX_EVENTS), event];
  if (event.type === "deleted") {
    instances.value = instances.value.filter((one) => nameOf(one) !== event.instance);
    return;
  }
  const known = instances.value.some((one) => nameOf(one) === event.instance);
  if (!known) {
    void load();
    return;
  }
  instances.value = instances.value.map((one) =>
    nameOf(one) === event.instance
      ? {
          ...one,
          state: event.state,
          pid: event.pid,
          generation: event.generation,
          restarts: event.restarts,
          exit_code: event.exit_code,
          reason: event.reason,
          uptime_ms: event.pid == null || event.type === "spawned" ? 0 : one.uptime_ms,
          cpu_percent: event.pid == null ? null : one.cpu_percent,
          memory_bytes: event.pid == null ? null : one.memory_bytes,
        }
      : one,
  );
}

let wasLost = false;

/** Follows the daemon from now on. */
export function follow(): void {
  subscribe("bunctl.v1.metrics", sampled);
  subscribe("bunctl.v1.events", happened);
  effect(() => {
    if (epoch.value > 0) void load();
  });
  effect(() => {
    if (connection.value === "lost") wasLost = true;
    else if (connection.value === "open" && wasLost) {
      wasLost = false;
      notify("good", "Connected again", "Apps ran on while the daemon was away.");
    }
  });
}

/** What the one node that was asked did. */
function changedBy(all: AnswerOf<"of_nodes">): AnswerOf<"changed"> {
  const answer = all.nodes[0]?.answer;
  if (answer?.answer === "changed") return answer;
  throw answer?.answer === "refused" ? new Refusal(answer.code, answer.detail, answer.hint) : new Error("the node gave no answer");
}

/** Carries out a command about apps and says what became of it. */
export async function act(command: string, done: string, members: Record<string, unknown>): Promise<boolean> {
  try {
    const changed = members.nodes ? changedBy(await ask(command, "of_nodes", members)) : await ask(command, "changed", members);
    const failed = changed.results.filter((one) => !one.succeeded);
    if (failed.length > 0) {
      notify("bad", `${failed[0]!.instance}: ${failed[0]!.outcome}`, failed[0]!.last_lines.slice(-3).join("\n"));
      return false;
    }
    notify("good", done, changed.warnings.join(" "));
    return true;
  } catch (problem) {
    const hint = problem instanceof Refusal ? (problem.hint ?? undefined) : undefined;
    notify("bad", `${problem instanceof Refusal ? "Refused" : "Not done"}: ${(problem as Error).message}`, hint);
    return false;
  }
}
