import "@fontsource-variable/inter/wght.css";
import "./style.css";
import { render } from "preact";
import { effect, signal } from "@preact/signals";
import { connection } from "./bus";
import { Confirmation, Icon } from "./parts";
import { followNodes } from "./nodes";
import { farewell, logout, resume, session } from "./session";
import { events, follow, notices, user } from "./store";
import { theme, toggleTheme } from "./theme";
import { AppView } from "./views/app";
import { Apps } from "./views/apps";
import { Events } from "./views/events";
import { Login } from "./views/login";
import { Logs } from "./views/logs";
import { NeighbourApp } from "./views/neighbours";
import { Nodes } from "./views/nodes";

const route = signal(location.hash);
window.addEventListener("hashchange", () => (route.value = location.hash));

const PLACES = [
  { name: "apps", title: "Apps" },
  { name: "logs", title: "Logs" },
  { name: "events", title: "Events" },
  { name: "nodes", title: "Nodes" },
];

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // Not what this page wrote: then there is no such app.
  }
};

/** `beta/api` */
function distant(title: string): { node: string; name: string } {
  const [node = "", name = ""] = title.split("/", 2);
  return { node, name };
}

function view() {
  const [, place = "apps", rest = ""] = route.value.split("/");
  switch (place) {
    case "logs":
      return <Logs chosen={rest.split(",").filter(Boolean).map(decoded)} />;
    case "events":
      return <Events />;
    case "nodes":
      return rest.includes("%2F") ? <NeighbourApp key={rest} {...distant(decoded(rest))} /> : <Nodes />;
    default:
      return rest ? <AppView key={rest} name={decoded(rest)} /> : <Apps />;
  }
}

function Navigation() {
  const current = route.value.split("/")[1] || "apps";
  return (
    <nav aria-label="Views">
      <a class="brand" href="#/apps" aria-label="bunctl, all apps">
        <img src="./icon.svg" width="26" height="26" alt="" />
        <span>bunctl</span>
      </a>
      <ul>
        {PLACES.map((place) => (
          <li key={place.name}>
            <a href={`#/${place.name}`} aria-current={current === place.name ? "page" : undefined}>
              <Icon name={place.name} />
              <span>{place.title}</span>
            </a>
          </li>
        ))}
      </ul>
      <div class="foot">
        <p class={`link ${connection.value}`} role="status">
          <span class="dot" aria-hidden="true" />
          <span>{connection.value === "open" ? "Live" : connection.value === "lost" ? "Reconnecting" : "Connecting"}</span>
        </p>
        <button type="button" class="quiet" onClick={toggleTheme} aria-label={theme.value === "dark" ? "Light colours" : "Dark colours"}>
          <Icon name="sun" />
        </button>
        <button type="button" class="quiet" onClick={logout} aria-label={`Log out ${user.value?.name ?? ""}`} title={`${user.value?.name}, ${user.value?.role}`}>
          <Icon name="out" />
        </button>
      </div>
    </nav>
  );
}

function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.key} class={`notice ${notice.kind}`}>
          <p>{notice.text}</p>
          {notice.detail && <p class="detail">{notice.detail}</p>}
        </div>
      ))}
    </div>
  );
}

function Page() {
  switch (session.value) {
    case "unknown":
      return null;
    case "away":
      return <main class="login"><p role="status">The daemon does not answer. Trying again…</p></main>;
    case "out":
      return <Login said={farewell.value} />;
    case "in":
      return (
        <>
          <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>
            To the content
          </a>
          <Navigation />
          <main id="main" tabIndex={-1}>
            {connection.value === "lost" && (
              <p class="banner" role="alert">
                The daemon is away. Your apps run on; this page reconnects by itself.
              </p>
            )}
            {view()}
          </main>
          <Notices />
          <Confirmation />
        </>
      );
  }
}

effect(() => {
  const place = PLACES.find((one) => one.name === (route.value.split("/")[1] || "apps"));
  document.title = `${place?.title ?? "Apps"} – bunctl`;
  void events.value;
});
follow();
followNodes();
render(<Page />, document.getElementById("page")!);
void resume();
