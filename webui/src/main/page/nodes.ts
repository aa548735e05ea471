import { computed, signal } from "@preact/signals";
import { ask, connection, epoch, Refusal, subscribe } from "./bus";
import type { Answer, AnswerOf, Instance, LogLine, NodeEntry, NodeNews } from "./api";
import { grouped, type App } from "./store";

/** Another node of the cluster, as it was heard last. */
export interface Neighbour {
  node: string;
  unreachableSince: string | null;
  version: string;
  instances: Instance[];
}

/** What this node is called; null in no cluster. */
export const self = signal<string | null>(null);
export const problem = signal<string | null>(null);
export const neighbours = signal<Neighbour[]>([]);

/** The apps of other nodes. */
export const apps = computed<App[]>(() =>
  neighbours.value.flatMap((one) =>
    grouped(one.instances).map((app) => ({ ...app, node: one.node, unreachableSince: one.unreachableSince })),
  ),
);

function heard(news: NodeNews): void {
  const others = neighbours.value.filter((one) => one.node !== news.node);
  if (news.node === self.value) return;
  neighbours.value = news.left
    ? others
    : [...others, neighbour(news, news.apps)].sort((one, other) => (one.node < other.node ? -1 : 1));
}

const neighbour = (entry: NodeEntry | NodeNews, instances: Instance[]): Neighbour => ({
  node: entry.node,
  unreachableSince: entry.unreachable_since,
  version: entry.daemon_version,
  instances,
});

async function load(): Promise<void> {
  try {
    const nodes = await ask("nodes", "nodes");
    self.value = nodes.node;
    problem.value = nodes.problem;
    // What is published from now on names their apps; who is gone meanwhile is not among them.
    const names = new Set(nodes.nodes.map((one) => one.node));
    neighbours.value = neighbours.value.filter((one) => names.has(one.node));
  } catch (failure) {
    if (connection.value === "open") problem.value = (failure as Error).message;
  }
}

/** Follows the nodes of the cluster from now on. */
export function followNodes(): void {
  subscribe("bunctl.v1.nodes", heard);
  epoch.subscribe((connections) => {
    if (connections > 0) void load();
  });
}

const PAST_LINES = 1000;
const RETRY_MILLIS = 2000;

const readingId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

const pause = () => new Promise<void>((resume) => window.setTimeout(resume, RETRY_MILLIS));

const isReachable = (node: string) => neighbours.value.some((one) => one.node === node && one.unreachableSince == null);

/** Resolves when a node is said to be within reach. */
const reached = (node: string) =>
  new Promise<void>((resume) => {
    const end = neighbours.subscribe(() => {
      if (isReachable(node)) {
        queueMicrotask(() => end());
        resume();
      }
    });
  });

/** What an answer of one node holds. */
function told(answers: { answer: Answer }[]): AnswerOf<"log_batch"> {
  const answer = answers[0]?.answer;
  if (answer?.answer === "log_batch") return answer;
  throw answer?.answer === "refused" ? new Refusal(answer.code, answer.detail, answer.hint) : new Error("no answer");
}

/** These end when the node is back, or at once: a reading that nobody asked for is forgotten. */
const PASSING = ["UNREACHABLE", "DAEMON_LOST", "NOT_FOUND"];

/** Reads the logs of an app of a node, the past and what comes, until the result is called. */
export function readLogs(node: string, app: string, take: (lines: LogLine[]) => void): () => void {
  let ended = false;
  let reading = readingId();
  let since: string | null = null;
  const at: Record<string, string> = {};
  const named = (lines: LogLine[]) => lines.map((line) => ({ ...line, app: `${node}/${line.app}` }));
  const tell = (gap: string) =>
    take([{ at: new Date().toISOString(), app: `${node}/${app}`, instance: null, stream: "combined", gap }]);
  const run = async () => {
    let number = 0;
    let away = false;
    while (!ended) {
      try {
        const place = since == null ? {} : { resume: { since, at } };
        const answer =
          number === 0
            ? await ask("open_logs", "of_nodes", { nodes: [node], apps: [app], reading, follow: true, lines: PAST_LINES, ...place })
            : await ask("next_logs", "of_nodes", { nodes: [node], reading, after: number });
        const batch = told(answer.nodes);
        if (ended) return;
        if (away) tell("the node is back, its lines go on");
        away = false;
        number = batch.number;
        since = batch.resume.since;
        Object.assign(at, batch.resume.at);
        take(named(batch.lines));
      } catch (failure) {
        if (ended) return;
        const forgotten = failure instanceof Refusal && failure.code === "NOT_FOUND" && number > 0;
        if (!away && !forgotten) tell((failure as Error).message);
        number = 0;
        reading = readingId();
        if (forgotten) continue;
        if (!(failure instanceof Refusal) || !PASSING.includes(failure.code)) return;
        away = true;
        await pause();
        await reached(node);
      }
    }
  };
  void run();
  return () => {
    ended = true;
    void ask("close_logs", "of_nodes", { nodes: [node], reading }).catch(() => {}); // Or it is forgotten in a minute.
  };
}
