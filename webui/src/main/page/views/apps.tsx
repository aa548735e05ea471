import { useSignal } from "@preact/signals";
import { bytes, duration, percent } from "../format";
import { apps as distant } from "../nodes";
import { Actions, Empty, Sparkline, StateMark } from "../parts";
import { apps, loaded, nameOf, sparks, titleOf, warnings, type App } from "../store";

/** The CPU of all instances of an app together. */
function sparkOf(app: App): number[] {
  const all = app.instances.map((one) => sparks.value.get(nameOf(one)) ?? []);
  const length = Math.max(0, ...all.map((one) => one.length));
  return Array.from({ length }, (_, at) => all.reduce((sum, one) => sum + (one[one.length - length + at] ?? 0), 0));
}

function Row({ app }: { app: App }) {
  const trouble = app.instances.find((one) => one.state === "errored" || one.state === "waiting_restart");
  return (
    <tr>
      <td class="name">
        <a href={app.node == null ? `#/apps/${encodeURIComponent(app.name)}` : `#/nodes/${encodeURIComponent(titleOf(app))}`}>{titleOf(app)}</a>
        {app.unreachableSince && <span class="tag bad">unreachable</span>}
        {app.namespace !== "default" && <span class="tag">{app.namespace}</span>}
        {trouble && <span class="why">{trouble.reason}</span>}
      </td>
      <td class="cell-state">
        <StateMark state={app.state} />
      </td>
      <td class="num" data-label="Instances">
        {app.online}
        <span class="of">/{app.instances.length}</span>
      </td>
      <td class="num" data-label="CPU">{percent(app.cpu)}</td>
      <td class="cell-spark">
        {app.node == null && <Sparkline values={sparkOf(app)} label={`CPU of ${app.name} in the last two minutes, now ${percent(app.cpu)}`} />}
      </td>
      <td class="num" data-label="Memory">{bytes(app.memory)}</td>
      <td class={app.restarts > 0 ? "num some" : "num"} data-label="Restarts">{app.restarts}</td>
      <td class="num" data-label="Uptime">{app.uptime > 0 ? duration(app.uptime) : "–"}</td>
      <td class="cell-actions">
        <Actions app={app} />
      </td>
    </tr>
  );
}

export function Apps() {
  const wanted = useSignal("");
  const all = [...apps.value, ...distant.value];
  const shown = all.filter((app) => `${titleOf(app)} ${app.namespace} ${app.state}`.includes(wanted.value.toLowerCase()));
  const running = all.reduce((sum, app) => sum + app.online, 0);
  const total = all.reduce((sum, app) => sum + app.instances.length, 0);
  const troubled = all.filter((app) => app.state === "errored" || app.state === "waiting_restart").length;
  return (
    <>
      <div class="bar">
        <h1>Apps</h1>
        <dl class="summary">
          <div>
            <dt>Apps</dt>
            <dd>{all.length}</dd>
          </div>
          <div>
            <dt>Instances online</dt>
            <dd>
              {running}
              <span class="of">/{total}</span>
            </dd>
          </div>
          <div class={troubled > 0 ? "bad" : ""}>
            <dt>In trouble</dt>
            <dd>{troubled}</dd>
          </div>
          <div>
            <dt>CPU</dt>
            <dd>{percent(all.reduce((sum, app) => sum + (app.cpu ?? 0), 0))}</dd>
          </div>
          <div>
            <dt>Memory</dt>
            <dd>{bytes(all.reduce((sum, app) => sum + (app.memory ?? 0), 0))}</dd>
          </div>
        </dl>
        <input
          type="search"
          class="filter"
          placeholder="Filter apps"
          aria-label="Filter apps"
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
      </div>
      {warnings.value.length > 0 && (
        <details class="warnings">
          <summary>
            {warnings.value.length === 1 ? "1 warning" : `${warnings.value.length} warnings`} of this host
          </summary>
          <ul>
            {warnings.value.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
      {shown.length === 0 ? (
        <Empty title={!loaded.value ? "Asking the daemon…" : all.length === 0 ? "No apps yet" : "No app matches"}>
          {loaded.value && all.length === 0 && <p>Start one from a shell: <code>bunctl start api.ts</code></p>}
        </Empty>
      ) : (
        <div class="sheet">
          <table class="apps">
            <thead>
              <tr>
                <th scope="col">App</th>
                <th scope="col">State</th>
                <th scope="col" class="num">Instances</th>
                <th scope="col" class="num">CPU</th>
                <th scope="col"><span class="unseen">CPU over time</span></th>
                <th scope="col" class="num">Memory</th>
                <th scope="col" class="num">Restarts</th>
                <th scope="col" class="num">Uptime</th>
                <th scope="col"><span class="unseen">Actions</span></th>
              </tr>
            </thead>
            <tbody>
              {shown.map((app) => (
                <Row key={titleOf(app)} app={app} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
