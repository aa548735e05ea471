import { effect, signal } from "@preact/signals";

type Theme = "light" | "dark";

const KEY = "bunctl.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const chosen = localStorage.getItem(KEY) as Theme | null;

/** What is shown; follows the system until somebody chooses. */
export const theme = signal<Theme>(chosen ?? (system.matches ? "dark" : "light"));

system.addEventListener("change", () => {
  if (!localStorage.getItem(KEY)) theme.value = system.matches ? "dark" : "light";
});

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function toggleTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, theme.value);
}
