import { useSignal } from "@preact/signals";
import { login } from "../session";

export function Login({ said }: { said: string }) {
  const token = useSignal("");
  const problem = useSignal(said);
  const busy = useSignal(false);
  const send = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    problem.value = await login({ token: token.value.trim() });
    busy.value = false;
  };
  return (
    <main class="login">
      <form onSubmit={send}>
        <img src="./icon.svg" width="44" height="44" alt="" />
        <h1>bunctl</h1>
        <label for="token">Token</label>
        <input
          id="token"
          type="password"
          autocomplete="current-password"
          required
          autofocus
          aria-describedby="help"
          aria-invalid={problem.value !== ""}
          value={token.value}
          onInput={(event) => (token.value = event.currentTarget.value)}
        />
        <p id="help" class={problem.value ? "problem" : "quietly"} role={problem.value ? "alert" : undefined}>
          {problem.value || "Made by bunctl token create. On the host itself, bunctl web prints a link that logs in."}
        </p>
        <button type="submit" class="primary" disabled={busy.value}>
          Log in
        </button>
      </form>
    </main>
  );
}
