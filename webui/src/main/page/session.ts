import { signal } from "@preact/signals";
import { connect, disconnect } from "./bus";
import { user, type User } from "./store";

export type Session = "unknown" | "out" | "in" | "away";

export const session = signal<Session>("unknown");

/** Why one is logged out, if there is something to say. */
export const farewell = signal("");

function begin(who: User): void {
  user.value = who;
  session.value = "in";
  connect(() => {
    user.value = null;
    farewell.value = "Your login has ended. Log in again.";
    session.value = "out";
  });
}

/** Logs in with a token or the code of a link; the result says why not, or is empty. */
export async function login(secret: { token: string } | { code: string }): Promise<string> {
  try {
    const answer = await fetch("login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(secret),
    });
    if (answer.ok) {
      begin((await answer.json()) as User);
      return "";
    }
    if (answer.status === 429) return "Too many failed logins. Try again in a minute.";
    return "code" in secret ? "That link was used already, or is too old. 'bunctl web' makes another." : "There is no such token, or it was revoked.";
  } catch {
    return "The daemon does not answer.";
  }
}

export async function logout(): Promise<void> {
  disconnect();
  await fetch("logout", { method: "POST" }).catch(() => {}); // A daemon that is away ends the session by its time.
  location.reload();
}

/** Finds out who is here: by a link that logs in, or by the cookie of an earlier login. */
export async function resume(): Promise<void> {
  const code = /^#login=([\w-]+)$/.exec(location.hash)?.[1];
  if (code) {
    history.replaceState(null, "", location.pathname);
    farewell.value = await login({ code });
    if (session.value === "in") return;
  }
  try {
    const answer = await fetch("session", { cache: "no-store" });
    if (answer.ok) {
      farewell.value = "";
      begin((await answer.json()) as User);
    } else session.value = "out";
  } catch {
    session.value = "away";
    window.setTimeout(resume, 1000);
  }
}
