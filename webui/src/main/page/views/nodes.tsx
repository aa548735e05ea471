import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { AnswerOf, Capability } from "../api";
import { ask, epoch } from "../bus";
import { bytes, duration, percent, words } from "../format";
import { self } from "../nodes";
import { Panel } from "../parts";
import { instances } from "../store";
import { Neighbours } from "./neighbours";

export function Nodes() {
  const pong = useSignal<AnswerOf<"pong"> | null>(null);
  const capabilities = useSignal<Capability[]>([]);
  useEffect(() => {
    let current = true;
    const failed = () => {}; // The banner says that the daemon is away; the next connection asks again.
    ask("ping", "pong").then((answer) => current && (pong.value = answer), failed);
    ask("status", "status").then((answer) => current && (capabilities.value = answer.capabilities ?? []), failed);
    return () => {
      current = false;
    };
  }, [epoch.value]);
  const node = pong.value;
  const online = instances.value.filter((one) => one.state === "online").length;
  return (
    <>
      <div class="bar">
        <h1>Nodes</h1>
      </div>
      <Panel title={self.value ?? location.hostname} aside={<span class="tag">this daemon</span>}>
        {node && (
          <dl class="fields wide">
            <div><dt>version</dt><dd>{node.daemon_version}</dd></div>
            <div><dt>daemon</dt><dd>pid {node.daemon_pid}, for {duration(node.uptime_ms)}</dd></div>
            <div><dt>guard</dt><dd>pid {node.guard_pid}</dd></div>
            <div><dt>home</dt><dd>{node.home}</dd></div>
            <div><dt>instances</dt><dd>{online} of {instances.value.length} online</dd></div>
            <div>
              <dt>in use by apps</dt>
              <dd>
                {percent(instances.value.reduce((sum, one) => sum + (one.cpu_percent ?? 0), 0))} CPU,{" "}
                {bytes(instances.value.reduce((sum, one) => sum + (one.memory_bytes ?? 0), 0))} memory
              </dd>
            </div>
          </dl>
        )}
      </Panel>
      <Neighbours />
      <Panel title="What this host can do">
        <ul class="capabilities">
          {capabilities.value.map((one) => (
            <li key={one.name} class={one.available ? "yes" : "no"}>
              <span class="mark">{one.available ? "yes" : "no"}</span>
              <span>{words(one.name)}</span>
              {!one.available && <span class="quietly">{one.cause}</span>}
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
