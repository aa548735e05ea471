import { useSignal } from "@preact/signals";
import type { AppEvent } from "../api";
import { clock, day, words } from "../format";
import { Empty } from "../parts";
import { events } from "../store";

const MOST = 400;

const KIND: Record<string, "good" | "bad" | "some"> = {
  became_ready: "good",
  exited: "bad",
  gave_up: "bad",
  spawn_failed: "bad",
  stopped: "some",
};

/** An end that somebody or a setting asked for is no alarm. */
const ASKED = /\bby user\b|^replaced by generation|^cron |^watch: /;

function kind(event: AppEvent): string {
  const known = KIND[event.type] ?? "";
  return known === "bad" && event.type === "exited" && (event.exit_code === 0 || ASKED.test(event.reason)) ? "some" : known;
}

function One({ event }: { event: AppEvent }) {
  const app = event.instance.slice(0, event.instance.lastIndexOf(":"));
  return (
    <li class={`event ${kind(event)}`}>
      <time dateTime={event.at}>{clock(event.at)}</time>
      <span class="dot" aria-hidden="true" />
      <span class="what">
        <a href={`#/apps/${encodeURIComponent(app)}`}>{event.instance}</a> {words(event.type)}
        {event.exit_code != null && event.type === "exited" && ` with ${event.exit_code}`}
      </span>
      <span class="quietly">{event.reason}</span>
    </li>
  );
}

export function Events() {
  const wanted = useSignal("");
  const shown = events.value
    .filter((event) => `${event.instance} ${event.type} ${event.reason}`.toLowerCase().includes(wanted.value.toLowerCase()))
    .slice(-MOST)
    .reverse();
  const days = new Map<string, AppEvent[]>();
  for (const event of shown) {
    const name = day(event.at);
    days.set(name, [...(days.get(name) ?? []), event]);
  }
  return (
    <>
      <div class="bar">
        <h1>Events</h1>
        <input
          type="search"
          class="filter"
          placeholder="Filter events"
          aria-label="Filter events"
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
      </div>
      {shown.length === 0 ? (
        <Empty title={events.value.length === 0 ? "Nothing has happened yet" : "No event matches"}>
          <p>Starts, exits and restarts appear here as they happen.</p>
        </Empty>
      ) : (
        [...days].map(([name, mine]) => (
          <section key={name} class="panel timeline" aria-label={name}>
            <header><h2>{name}</h2></header>
            <ol>
              {mine.map((event) => (
                <One key={event.at + event.instance + event.type + event.generation} event={event} />
              ))}
            </ol>
          </section>
        ))
      )}
    </>
  );
}
