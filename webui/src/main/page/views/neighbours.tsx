import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { Description } from "../api";
import { ask, epoch } from "../bus";
import { day } from "../format";
import { apps, neighbours, problem, self } from "../nodes";
import { Actions, Empty, Panel, StateMark } from "../parts";
import { Configuration, Crashes, Environment, Instances } from "./app";

/** The other nodes of the cluster, with what can be said of each at a glance. */
export function Neighbours() {
  return (
    <>
      {problem.value && <p class="warnings" role="status">{problem.value}</p>}
      {neighbours.value.map((one) => {
        const online = one.instances.filter((instance) => instance.state === "online").length;
        return (
          <Panel
            key={one.node}
            title={one.node}
            aside={<span class={one.unreachableSince ? "tag bad" : "tag"}>{one.unreachableSince ? "unreachable" : "reachable"}</span>}
          >
            <dl class="fields wide">
              {one.unreachableSince && <div><dt>unreachable since</dt><dd>{day(one.unreachableSince)}</dd></div>}
              <div><dt>version</dt><dd>{one.version}</dd></div>
              <div>
                <dt>instances</dt>
                <dd>{online} of {one.instances.length} online{one.unreachableSince && ", as last heard"}</dd>
              </div>
            </dl>
          </Panel>
        );
      })}
      {self.value && neighbours.value.length === 0 && <p class="quietly">No other node of the cluster was heard yet.</p>}
    </>
  );
}

/** An app of another node. */
export function NeighbourApp({ node, name }: { node: string; name: string }) {
  const description = useSignal<Description | null>(null);
  const app = apps.value.find((one) => one.node === node && one.name === name);
  const changes = app?.instances.map((one) => `${one.state}${one.generation}`).join();
  useEffect(() => {
    let current = true;
    ask("describe", "of_nodes", { apps: [name], nodes: [node] }).then(
      (answer) => {
        const told = answer.nodes[0]?.answer;
        if (current && told?.answer === "description") description.value = told.apps[0] ?? null;
      },
      () => {}, // The heading says that the node is away; the next connection asks again.
    );
    return () => {
      current = false;
    };
  }, [node, name, epoch.value, changes, app?.unreachableSince]);
  if (!app) {
    return (
      <Empty title={`There is no app called ${node}/${name}`}>
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
          <h1>{node}/{name}</h1>
          <StateMark state={app.state} />
        </div>
        <a class="button" href={`#/logs/${encodeURIComponent(`${node}/${name}`)}`}>Logs</a>
        <Actions app={app} wide />
      </div>
      {app.unreachableSince && (
        <p class="warnings" role="status">
          {node} cannot be reached since {day(app.unreachableSince)}. Shown is what was heard last; its daemon looks after its apps.
        </p>
      )}
      <Panel title="Instances">
        <Instances mine={app.instances} />
      </Panel>
      {known && (
        <>
          <Panel title="Ends of its processes"><Crashes crashes={known.crashes} /></Panel>
          <Panel title="Configuration"><Configuration description={known} /></Panel>
          <Panel title="Environment"><Environment description={known} /></Panel>
        </>
      )}
    </>
  );
}
