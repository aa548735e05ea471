import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { LogLine } from "../api";
import { ask, dropped, epoch, subscribe } from "../bus";
import { clock } from "../format";
import { LogBuffer, Seam, type Entry, type Level } from "../logbuffer";
import { apps as distant, readLogs } from "../nodes";
import { Empty, Icon } from "../parts";
import { apps, instances, nameOf, titleOf } from "../store";

const ROW = 20;
const OVERSCAN = 12;
const PAST_LINES = 1000;
/** New lines are shown at most so often, in milliseconds: faster nobody reads. */
const REFRESH = 120;

const LEVELS: { level: Level | "all"; label: string }[] = [
  { level: "all", label: "All levels" },
  { level: "warn", label: "Warnings and errors" },
  { level: "error", label: "Errors" },
];

function matcher(text: string, level: Level | "all"): ((entry: Entry) => boolean) | null {
  if (text === "" && level === "all") return null;
  let matches = (_: string) => true;
  const expression = /^\/(.+)\/(i?)$/.exec(text);
  if (expression) {
    try {
      const compiled = new RegExp(expression[1]!, expression[2]);
      matches = (line) => compiled.test(line);
    } catch {
      matches = () => false; // An expression that is being typed matches nothing yet.
    }
  } else if (text !== "") {
    const lower = text.toLowerCase();
    matches = (line) => line.toLowerCase().includes(lower);
  }
  const levels: Level[] = level === "error" ? ["error"] : ["error", "warn"];
  return (entry) => entry.gap || ((level === "all" || levels.includes(entry.level)) && matches(entry.text));
}

const hues = (name: string) => ([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 0) % 6;

/** Where a gap is from that is in no app's log. */
const NOBODY = { app: "", instance: null, stream: "combined" } as const;

/** What is shown of a buffer, and how much of it is new to the reader. */
class Feed {
  readonly buffer = new LogBuffer();
  /** Whether the past has been read. */
  begun = false;
  private waiting: LogLine[] = [];
  private kept: Entry[] = [];
  private keep: ((entry: Entry) => boolean) | null = null;

  take(lines: LogLine[]): void {
    this.waiting.push(...lines);
    const over = this.waiting.length - this.buffer.capacity;
    if (over > 0) this.waiting.splice(0, over);
  }

  get pending(): number {
    return this.waiting.length;
  }

  /** Shows what has come; the result is how many rows went from the top. */
  flush(): number {
    const before = this.length;
    const added = this.buffer.append(this.waiting);
    this.waiting = [];
    if (this.keep) {
      const fresh = added.filter(this.keep);
      this.kept = this.kept.concat(fresh);
      const oldest = this.buffer.at(0)?.key ?? 0;
      const gone = this.kept.findIndex((entry) => entry.key >= oldest);
      if (gone > 0) this.kept = this.kept.slice(gone);
      return before + fresh.length - this.length;
    }
    return before + added.length - this.length;
  }

  filter(keep: ((entry: Entry) => boolean) | null): void {
    this.keep = keep;
    this.kept = keep ? this.buffer.filter(keep) : [];
  }

  clear(): void {
    this.buffer.clear();
    this.waiting = [];
    this.kept = [];
  }

  get length(): number {
    return this.keep ? this.kept.length : this.buffer.length;
  }

  at(index: number): Entry | undefined {
    return this.keep ? this.kept[index] : this.buffer.at(index);
  }
}

function useFeed(names: string[], changed: () => void): Feed {
  const feed = useRef<Feed | null>(null);
  feed.current ??= new Feed();
  const all = names.join("\n");
  useEffect(() => {
    const mine = feed.current!;
    mine.clear();
    mine.begun = false;
    changed();
    if (names.length === 0) return;
    let early: LogLine[] | null = [];
    let seam = new Seam([]);
    const here = names.filter((name) => !name.includes("/"));
    const there = names.filter((name) => name.includes("/")).map((name) => name.split("/", 2) as [string, string]);
    const far = there.map(([node, app]) => readLogs(node, app, (lines) => mine.take(lines)));
    const ends = here.map((name) =>
      subscribe<{ lines: LogLine[] }>(`bunctl.v1.logs.${name}`, (body) => {
        if (early) early.push(...body.lines);
        else mine.take(seam.fresh(body.lines));
      }),
    );
    const begin = (past: LogLine[]) => {
      if (!early) return;
      seam = new Seam(past);
      mine.take(past.concat(seam.fresh(early)));
      early = null;
      mine.begun = true;
      changed();
    };
    if (here.length > 0) {
      ask("logs", "log_lines", { apps: here, lines: PAST_LINES }).then(
        (answer) => begin(answer.lines),
        () => begin([]), // Without a past the logs begin now.
      );
    } else begin([]);
    let lost = dropped.peek();
    const endLost = dropped.subscribe((count) => {
      if (count > lost) mine.take([{ at: new Date().toISOString(), ...NOBODY, gap: `this browser was too slow for ${(count - lost).toLocaleString()} messages` }]);
      lost = count;
    });
    return () => {
      early = null;
      endLost();
      [...ends, ...far].forEach((end) => end());
    };
  }, [all, epoch.value]);
  return feed.current;
}

function Line({ entry, top, several }: { entry: Entry; top: number; several: boolean }) {
  return (
    <div class={entry.gap ? "line gap" : `line ${entry.level}`} style={{ transform: `translateY(${top}px)` }}>
      <time>{clock(entry.at, true)}</time>
      {several && entry.app !== "" && (
        <span class={`who hue-${hues(entry.app)}`}>
          {entry.app}
          {entry.instance != null && `:${entry.instance}`}
        </span>
      )}
      <span class="text">{entry.gap ? `lines are missing here: ${entry.text}` : entry.text}</span>
    </div>
  );
}

export function Logs({ chosen }: { chosen: string[] }) {
  const tick = useSignal(0);
  const top = useSignal(0);
  const height = useSignal(600);
  const paused = useSignal(false);
  const search = useSignal("");
  const level = useSignal<Level | "all">("all");
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const known = [...apps.value, ...distant.value].map(titleOf);
  const feed = useFeed(chosen, () => tick.value++);

  useEffect(() => {
    feed.filter(matcher(search.value, level.value));
    atEnd.current = true;
    tick.value++;
  }, [search.value, level.value]);

  useEffect(() => {
    const timer = window.setInterval(() => {
      if (feed.pending === 0) return;
      if (!paused.value) {
        const gone = feed.flush();
        // Whoever reads further up keeps the lines in front of them.
        if (!atEnd.current && gone > 0 && list.current) list.current.scrollTop -= gone * ROW;
      }
      tick.value++;
    }, REFRESH);
    return () => window.clearInterval(timer);
  }, [feed]);

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() => (height.value = element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [chosen.length > 0]);

  useEffect(() => {
    if (atEnd.current && !paused.value && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [tick.value, height.value]);

  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
    location.hash = `#/logs/${next.map(encodeURIComponent).join(",")}`;
  };
  const toEnd = () => {
    atEnd.current = true;
    paused.value = false;
    tick.value++;
  };
  void tick.value;
  // Names of one width, so that the lines of several apps begin one below the other.
  const mine = instances.value.filter((one) => chosen.includes(one.name));
  const widest = Math.min(28, Math.max(0, ...mine.map((one) => nameOf(one).length)));
  const first = Math.max(0, Math.floor(top.value / ROW) - OVERSCAN);
  const last = Math.min(feed.length, Math.ceil((top.value + height.value) / ROW) + OVERSCAN);
  const rows: Entry[] = [];
  for (let at = first; at < last; at++) rows.push(feed.at(at)!);

  return (
    <div class="logs">
      <div class="bar">
        <h1>Logs</h1>
        <div class="chips" role="group" aria-label="Apps whose logs are shown">
          {known.map((name) => (
            <button type="button" key={name} aria-pressed={chosen.includes(name)} class={`chip hue-${hues(name)}`} onClick={() => toggle(name)}>
              {name}
            </button>
          ))}
        </div>
      </div>
      <div class="bar tools">
        <input
          type="search"
          class="filter"
          placeholder="Search, or /expression/i"
          aria-label="Search in the lines"
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
        <select aria-label="Level" onChange={(event) => (level.value = event.currentTarget.value as Level | "all")}>
          {LEVELS.map((one) => (
            <option key={one.level} value={one.level}>{one.label}</option>
          ))}
        </select>
        <button type="button" aria-pressed={paused.value} onClick={() => (paused.value ? toEnd() : (paused.value = true))}>
          <Icon name={paused.value ? "start" : "pause"} />
          <span>{paused.value ? "Go on" : "Pause"}</span>
        </button>
        <button type="button" onClick={() => { feed.clear(); tick.value++; }}>Clear</button>
        <span class="quietly count" role="status">
          {feed.length.toLocaleString()} {feed.length === 1 ? "line" : "lines"}
          {paused.value && feed.pending > 0 && `, ${feed.pending.toLocaleString()} new`}
        </span>
      </div>
      {dropped.value > 0 && (
        <p class="warnings" role="status">
          This browser was too slow for {dropped.value.toLocaleString()} messages; their lines are in the files.
        </p>
      )}
      {chosen.length === 0 ? (
        <Empty title="Choose one or more apps">
          <p>Their lines are merged in the order of their arrival.</p>
        </Empty>
      ) : (
        <div
          ref={list}
          class="lines"
          role="log"
          aria-live="off"
          aria-label={`Logs of ${chosen.join(", ")}`}
          tabIndex={0}
          onScroll={(event) => {
            const element = event.currentTarget;
            top.value = element.scrollTop;
            atEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - ROW;
          }}
        >
          <div class="room" style={{ height: `${feed.length * ROW}px`, "--who": `${widest}ch` }}>
            {rows.map((entry, at) => (
              <Line key={entry.key} entry={entry} top={(first + at) * ROW} several={chosen.length > 1} />
            ))}
          </div>
          {feed.length === 0 && <p class="quietly none">{!feed.begun ? "Reading the logs…" : search.value ? "No line matches." : "Nothing was written yet."}</p>}
        </div>
      )}
    </div>
  );
}
