import { useEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Role, State } from "./api";
import { words } from "./format";
import { act, allows, titleOf, type App } from "./store";

const SHAPES: Record<State, string> = {
  online: "M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3Z",
  launching: "M8 3a5 5 0 0 1 0 10Z M8 3a5 5 0 0 0 0 10",
  stopping: "M8 3a5 5 0 0 0 0 10Z M8 3a5 5 0 0 1 0 10",
  stopped: "M4 7h8v2H4Z",
  waiting_restart: "M8 3l5.500 9.500h-11Z",
  errored: "M3.800 5.200 5.200 3.800 8 6.600l2.800-2.800 1.400 1.400L9.400 8l2.800 2.800-1.400 1.400L8 9.400l-2.800 2.800-1.400-1.400L6.600 8Z",
};

/** A state by shape, colour and word: nobody needs to tell colours apart. */
export function StateMark({ state, bare }: { state: State; bare?: boolean }) {
  return (
    <span class={`state state-${state}`}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d={SHAPES[state]} />
      </svg>
      <span class={bare ? "unseen" : ""}>{words(state)}</span>
    </span>
  );
}

export function Sparkline({ values, label }: { values: number[]; label: string }) {
  const width = 96;
  const height = 24;
  const top = Math.max(5, ...values);
  const step = width / 59;
  const points = values.map(
    (value, at) => `${(width - (values.length - 1 - at) * step).toFixed(1)},${(height - 2 - (value / top) * (height - 4)).toFixed(1)}`,
  );
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      {points.length > 1 && (
        <>
          <polygon points={`${points[0]!.split(",")[0]},${height} ${points.join(" ")} ${width},${height}`} />
          <polyline points={points.join(" ")} />
        </>
      )}
    </svg>
  );
}

const ICONS: Record<string, string> = {
  apps: "M3 4h14v4H3Zm0 8h14v4H3ZM5.500 6h.010M5.500 14h.010",
  logs: "M4 5h12M4 9h12M4 13h8",
  events: "M10 3v14M10 6h5M10 10H5M10 14h5",
  nodes: "M4 4h12v5H4Zm0 7h12v5H4Zm2.500-4.500h.010m-.010 7h.010",
  restart: "M15.500 10A5.500 5.500 0 1 1 13.700 6M14 2.500V6.200h-3.700",
  reload: "M4.500 10a5.500 5.500 0 0 1 9.300-4M15.500 10a5.500 5.500 0 0 1-9.300 4M14 2.800V6.200h-3.400M6 17.200v-3.400h3.400",
  stop: "M5.500 5.500h9v9h-9Z",
  start: "M6.500 4.500v11l9-5.500Z",
  pause: "M7 5v10M13 5v10",
  sun: "M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7ZM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100",
  out: "M12 4h4v12h-4M3 10h9M9 7l3 3-3 3",
  trash: "M4 6h12M8 6V4h4v2M6 6l.700 10h6.600L14 6",
  down: "M10 4v12M5 11l5 5 5-5",
};

export function Icon({ name }: { name: string }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}

interface Question {
  title: string;
  text: string;
  yes: string;
  danger: boolean;
  answer: (yes: boolean) => void;
}

const question = signal<Question | null>(null);

/** Asks before something is done; true when it is to be. */
export function confirm(title: string, text: string, yes: string, danger = false): Promise<boolean> {
  return new Promise((resolve) => {
    question.value = {
      title,
      text,
      yes,
      danger,
      answer: (said) => {
        question.value = null;
        resolve(said);
      },
    };
  });
}

export function Confirmation() {
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = question.value;
  useEffect(() => {
    if (asked && !dialog.current?.open) dialog.current?.showModal();
  }, [asked]);
  if (!asked) return null;
  return (
    <dialog
      ref={dialog}
      aria-labelledby="question"
      aria-describedby="consequence"
      onCancel={(event) => {
        event.preventDefault();
        asked.answer(false);
      }}
    >
      <h2 id="question">{asked.title}</h2>
      <p id="consequence">{asked.text}</p>
      <div class="buttons">
        <button type="button" onClick={() => asked.answer(false)}>
          Cancel
        </button>
        <button type="button" class={asked.danger ? "danger" : "primary"} onClick={() => asked.answer(true)}>
          {asked.yes}
        </button>
      </div>
    </dialog>
  );
}

interface Action {
  command: string;
  icon: string;
  label: string;
  done: string;
  role: Role;
  danger?: boolean;
  consequence: (app: App) => string;
  shown: (app: App) => boolean;
}

const many = (app: App) => (app.instances.length === 1 ? "its instance" : `all ${app.instances.length} instances`);

const ACTIONS: Action[] = [
  {
    command: "start_known",
    icon: "start",
    label: "Start",
    done: "started",
    role: "operator",
    consequence: (app) => `Starts ${many(app)} that are not running.`,
    shown: (app) => app.instances.some((one) => one.state === "stopped" || one.state === "errored"),
  },
  {
    command: "reload",
    icon: "reload",
    label: "Reload",
    done: "reloaded",
    role: "operator",
    consequence: (app) => `Replaces ${many(app)} one by one, each once the new process is ready.`,
    shown: (app) => app.online > 0,
  },
  {
    command: "restart",
    icon: "restart",
    label: "Restart",
    done: "restarted",
    role: "operator",
    consequence: (app) => `Stops and starts ${many(app)}. Requests under way may be lost; a reload keeps them.`,
    shown: (app) => app.state !== "stopped",
  },
  {
    command: "stop",
    icon: "stop",
    label: "Stop",
    done: "stopped",
    role: "operator",
    danger: true,
    consequence: (app) => `Stops ${many(app)}. It stays stopped, over reboots too, until somebody starts it.`,
    shown: (app) => app.instances.some((one) => one.state !== "stopped"),
  },
];

async function perform(action: Action, app: App): Promise<void> {
  const title = titleOf(app);
  if (await confirm(`${action.label} ${title}?`, action.consequence(app), action.label, action.danger)) {
    await act(action.command, `${title} ${action.done}`, { apps: [app.name], ...(app.node == null ? {} : { nodes: [app.node] }) });
  }
}

/** What may be done with an app. Whoever may not, sees that and why. */
export function Actions({ app, wide }: { app: App; wide?: boolean }) {
  return (
    <div class={wide ? "actions wide" : "actions"}>
      {ACTIONS.filter((action) => action.shown(app)).map((action) => {
        const allowed = allows(action.role) && !app.unreachableSince;
        const label = `${action.label} ${titleOf(app)}`;
        const why = app.unreachableSince ? `${app.node} cannot be reached` : `${action.label} needs the role ${action.role}`;
        return (
          <button
            type="button"
            key={action.command}
            class={wide ? "" : "quiet"}
            aria-label={label}
            title={allowed ? label : why}
            disabled={!allowed}
            onClick={() => perform(action, app)}
          >
            <Icon name={action.icon} />
            <span class="label">{action.label}</span>
          </button>
        );
      })}
    </div>
  );
}

export function Panel({ title, aside, children }: { title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="lead">{title}</p>
      {children}
    </div>
  );
}
