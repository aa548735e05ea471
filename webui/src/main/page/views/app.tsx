import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { AnswerOf, Crash, Description, Instance, Series, Usage } from "../api";
import { ask, epoch, subscribe } from "../bus";
import { Chart, type Line } from "../chart";
import { bytes, clock, day, duration, percent, words } from "../format";
import { Actions, Empty, Panel, StateMark } from "../parts";
import { apps, events, instances, nameOf } from "../store";

const KEPT_SAMPLES = 300;
type Quantity = Exclude<keyof Series, "instance">;
type History = Pick<AnswerOf<"usage_history">, "times_ms" | "series">;

function value(sample: Instance, quantity: Quantity, before: Instance | undefined): number | null {
  const usage = sample.usage;
  if (quantity === "cpu_percent") return sample.cpu_percent;
  if (quantity === "memory_bytes") return sample.memory_bytes;
  if (quantity === "throttled_percent") {
    const was = before?.usage?.throttled_ms;
    const now = usage?.throttled_ms;
    return was == null || now == null || now < was ? null : (now - was) / 20;
  }
  return usage?.[quantity] ?? null;
}

const QUANTITIES: Quantity[] = [
  "cpu_percent",
  "memory_bytes",
  "throttled_percent",
  "cpu_pressure_percent",
  "memory_pressure_percent",
  "disk_pressure_percent",
];

/** Adds a sample behind what is there; the oldest gives way. */
function grown(history: History, at: number, sample: Instance[], before: Map<string, Instance>): History {
  const cut = Math.max(0, history.times_ms.length + 1 - KEPT_SAMPLES);
  const byName = new Map(history.series.map((one) => [one.instance, one]));
  const none: null[] = history.times_ms.map(() => null);
  for (const one of sample) {
    if (!byName.has(nameOf(one))) byName.set(nameOf(one), { instance: nameOf(one) });
  }
  const now = new Map(sample.map((one) => [nameOf(one), one]));
  return {
    times_ms: [...history.times_ms, at].slice(cut),
    series: [...byName.values()].map((series) => {
      const next: Series = { instance: series.instance };
      const one = now.get(series.instance);
      for (const quantity of QUANTITIES) {
        const latest = one ? value(one, quantity, before.get(series.instance)) : null;
        if (series[quantity] || latest != null) {
          next[quantity] = [...(series[quantity] ?? none), latest].slice(cut);
        }
      }
      return next;
    }),
  };
}

function useHistory(name: string): History {
  const history = useSignal<History>({ times_ms: [], series: [] });
  useEffect(() => {
    let before = new Map<string, Instance>();
    let current = true;
    ask("usage_history", "usage_history", { app: name }).then(
      (answer) => {
        if (current) history.value = answer;
      },
      () => {}, // Without a past the charts begin now.
    );
    const end = subscribe<{ at: string; apps: Instance[] }>("bunctl.v1.metrics", (body) => {
      const mine = body.apps.filter((one) => one.name === name && one.pid != null);
      history.value = grown(history.value, Date.parse(body.at), mine, before);
      before = new Map(mine.map((one) => [nameOf(one), one]));
    });
    return () => {
      current = false;
      end();
    };
  }, [name, epoch.value]);
  return history.value;
}

function linesOf(history: History, quantity: Quantity): Line[] {
  return history.series.filter((one) => one[quantity]).map((one) => ({ label: one.instance, values: one[quantity]! }));
}

function Charts({ history }: { history: History }) {
  const pressures: [Quantity, string][] = [
    ["cpu_pressure_percent", "Waiting for CPU"],
    ["memory_pressure_percent", "Waiting for memory"],
    ["disk_pressure_percent", "Waiting for disks"],
    ["throttled_percent", "Held back by its CPU limit"],
  ];
  return (
    <div class="charts">
      <Chart title="CPU" times={history.times_ms} lines={linesOf(history, "cpu_percent")} format={percent} least={5} />
      <Chart title="Memory" times={history.times_ms} lines={linesOf(history, "memory_bytes")} format={bytes} least={8 << 20} />
      {pressures
        .map(([quantity, title]) => [title, linesOf(history, quantity)] as const)
        .filter(([, lines]) => lines.some((line) => line.values.some((one) => (one ?? 0) > 0)))
        .map(([title, lines]) => (
          <Chart key={title} title={title} times={history.times_ms} lines={lines} format={percent} least={5} />
        ))}
    </div>
  );
}

export function Instances({ mine }: { mine: Instance[] }) {
  return (
    <div class="sheet flat">
      <table class="instances">
        <thead>
          <tr>
            <th scope="col">Instance</th>
            <th scope="col">State</th>
            <th scope="col" class="num">PID</th>
            <th scope="col" class="num">CPU</th>
            <th scope="col" class="num">Memory</th>
            <th scope="col" class="num">Restarts</th>
            <th scope="col" class="num">Uptime</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {mine.map((one) => (
            <tr key={one.id}>
              <td class="name">{nameOf(one)}</td>
              <td class="cell-state"><StateMark state={one.state} /></td>
              <td class="num" data-label="PID">{one.pid ?? "–"}</td>
              <td class="num" data-label="CPU">{percent(one.cpu_percent)}</td>
              <td class="num" data-label="Memory">{bytes(one.memory_bytes)}</td>
              <td class="num" data-label="Restarts">{one.restarts}</td>
              <td class="num" data-label="Uptime">{one.pid ? duration(one.uptime_ms) : "–"}</td>
              <td class="why" data-label="Why">{one.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Meter({ label, used, limit, text }: { label: string; used: number; limit: number; text: string }) {
  const share = Math.min(100, (100 * used) / limit);
  return (
    <div class="meter">
      <span class="label">{label}</span>
      <span class="track" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share)} aria-valuetext={text}>
        <span class={share > 90 ? "fill bad" : share > 75 ? "fill some" : "fill"} style={{ width: `${share}%` }} />
      </span>
      <span class="num">{text}</span>
    </div>
  );
}

const number = (from: unknown, ...names: string[]): number | null => {
  for (const name of names) {
    const found = (from as Record<string, unknown> | undefined)?.[name];
    if (typeof found === "number") return found;
  }
  return null;
};

function Limits({ description, mine }: { description: Description; mine: Instance[] }) {
  const limits = (description.spec.limits ?? description.spec) as Record<string, unknown>;
  const memory = number(limits, "max_memory_bytes", "max_memory");
  const restart = number(limits, "max_memory_restart_bytes", "max_memory_restart");
  const cpu = number(limits, "max_cpu_percent", "max_cpu");
  const processes = number(limits, "max_processes");
  const usage = new Map(mine.flatMap((one) => (one.usage ? [[nameOf(one), one.usage] as [string, Usage]] : [])));
  const running = mine.filter((one) => one.pid != null);
  if (memory == null && restart == null && cpu == null && processes == null) {
    return <p class="quietly">No limits are set.</p>;
  }
  return (
    <div class="meters">
      {running.map((one) => {
        const used = usage.get(nameOf(one));
        const held = used?.held_memory_bytes ?? one.memory_bytes ?? 0;
        return (
          <div key={one.id}>
            <h3>{nameOf(one)}</h3>
            {memory != null && <Meter label="Memory" used={held} limit={memory} text={`${bytes(held)} of ${bytes(memory)}`} />}
            {restart != null && (
              <Meter label="Restarts at" used={one.memory_bytes ?? 0} limit={restart} text={`${bytes(one.memory_bytes)} of ${bytes(restart)}`} />
            )}
            {cpu != null && (
              <Meter label="CPU" used={one.cpu_percent ?? 0} limit={cpu} text={`${percent(one.cpu_percent)} of ${percent(cpu)}`} />
            )}
            {processes != null && (
              <Meter label="Processes" used={used?.processes ?? 0} limit={processes} text={`${used?.processes ?? "–"} of ${processes}`} />
            )}
            {used?.throttled_ms != null && (
              <p class="quietly">
                Held back for {duration(used.throttled_ms)} in all; waited for CPU {percent(used.cpu_pressure_percent)}, memory{" "}
                {percent(used.memory_pressure_percent)}, disks {percent(used.disk_pressure_percent)} of the last ten seconds.
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}

export function Crashes({ crashes }: { crashes: Crash[] }) {
  if (crashes.length === 0) return <p class="quietly">None of its processes has ended.</p>;
  return (
    <ol class="crashes">
      {[...crashes].reverse().map((crash) => (
        <li key={crash.at + crash.instance + crash.generation}>
          <details>
            <summary>
              <time dateTime={crash.at} title={day(crash.at)}>{clock(crash.at)}</time>
              <strong>{crash.cause}</strong>
              <span class="quietly">
                {crash.instance}, pid {crash.pid}, after {duration(crash.uptime_ms)}: {crash.decision}
              </span>
            </summary>
            {crash.last_lines.length > 0 ? (
              <pre tabIndex={0} aria-label={`Last lines of ${crash.instance}`}>{crash.last_lines.join("\n")}</pre>
            ) : (
              <p class="quietly">It wrote nothing to stderr.</p>
            )}
          </details>
        </li>
      ))}
    </ol>
  );
}

const VARIABLE = "env.";

export function Configuration({ description }: { description: Description }) {
  const origin = description.origin;
  const fields = description.configuration.filter((one) => !one.field.startsWith(VARIABLE));
  const given = fields.filter((one) => one.source !== "default");
  const defaults = fields.filter((one) => one.source === "default");
  const limits = description.spec.limits as { inherited?: Record<string, unknown> } | undefined;
  const inherited = Object.entries(limits?.inherited ?? {});
  return (
    <>
      <p class="quietly">
        {origin
          ? `From ${origin.file}${origin.environment ? `, environment ${origin.environment}` : ""}${origin.watched ? "; applied whenever it is saved" : ""}.`
          : "Started from a command line."}
      </p>
      <Values entries={given} />
      <details>
        <summary>
          defaults <span class="quietly">{defaults.length} values that nothing names</span>
        </summary>
        <Values entries={defaults.map(({ field, value }) => ({ field, value }))} />
      </details>
      {inherited.length > 0 && (
        <details>
          <summary>
            inherited limits <span class="quietly">of the shell that started bunctl</span>
          </summary>
          <Values entries={inherited.map(([field, value]) => ({ field, value: JSON.stringify(value) }))} />
        </details>
      )}
    </>
  );
}

/** Values by name, each with where it comes from, if that is known. */
function Values({ entries }: { entries: { field: string; value: string; source?: string }[] }) {
  return (
    <dl class={entries.some((one) => one.source) ? "fields sourced" : "fields many"}>
      {entries.map(({ field, value, source }) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd>{value}</dd>
          {source && <dd class="from" title={source}>{source}</dd>}
        </div>
      ))}
    </dl>
  );
}

const ENVIRONMENT = ["environment", "inherited_environment"];

export function Environment({ description }: { description: Description }) {
  const sources = new Map(description.configuration.map((one) => [one.field, one.source]));
  const variables = ENVIRONMENT.flatMap((name) => {
    const found = description.spec[name];
    return found && typeof found === "object" ? [[name, Object.entries(found as Record<string, string>)] as const] : [];
  }).filter(([, entries]) => entries.length > 0);
  if (variables.length === 0) return <p class="quietly">It names no variables.</p>;
  return (
    <>
      {variables.map(([name, entries]) => (
        <details key={name} open={entries.length < 12}>
          <summary>
            {words(name)} <span class="quietly">{entries.length} variables; values that may be secrets are hidden</span>
          </summary>
          <Values
            entries={entries.map(([field, value]) => ({
              field,
              value,
              source: name === "environment" ? sources.get(VARIABLE + field) : undefined,
            }))}
          />
        </details>
      ))}
    </>
  );
}

export function AppView({ name }: { name: string }) {
  const description = useSignal<Description | null>(null);
  const history = useHistory(name);
  const app = apps.value.find((one) => one.name === name);
  const mine = instances.value.filter((one) => one.name === name);
  const lastEvent = events.value.findLast((event) => event.instance.startsWith(`${name}:`));
  useEffect(() => {
    let current = true;
    ask("describe", "description", { apps: [name] }).then(
      (answer) => {
        if (current) description.value = answer.apps[0] ?? null;
      },
      () => {}, // The heading says that there is no such app, or that the daemon is away.
    );
    return () => {
      current = false;
    };
  }, [name, epoch.value, lastEvent]);

  if (!app) {
    return (
      <Empty title={`There is no app called ${name}`}>
        <p><a href="#/apps">All apps</a></p>
      </Empty>
    );
  }
  const known = description.value;
  return (
    <>
      <div class="bar">
        <div class="crumbs">
          <a href="#/apps">Apps</a>
          <h1>{name}</h1>
          <StateMark state={app.state} />
        </div>
        <a class="button" href={`#/logs/${encodeURIComponent(name)}`}>Logs</a>
        <Actions app={app} wide />
      </div>
      <Charts history={history} />
      <Panel title="Instances">
        <Instances mine={mine} />
      </Panel>
      {known && (
        <>
          <div class="columns">
            <Panel title="Limits"><Limits description={known} mine={mine} /></Panel>
            <Panel title="Ends of its processes"><Crashes crashes={known.crashes} /></Panel>
          </div>
          <Panel title="Configuration"><Configuration description={known} /></Panel>
          <Panel title="Environment"><Environment description={known} /></Panel>
        </>
      )}
    </>
  );
}
