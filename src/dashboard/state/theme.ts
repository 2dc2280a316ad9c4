/** Dark or light: as the operating system has it, or as it was chosen. */

import { effect, type Signal, signal } from "@preact/signals";
import type { Theme } from "./dashboard.ts";
import { recall, remember } from "./memory.ts";

const themes: readonly Theme[] = ["system", "dark", "light"];

/** Keeps the root's `data-theme` as the signal says, and remembers the choice. */
export function keepTheme(): Signal<Theme> {
  const theme = signal(themes.find((each) => each === recall("theme")) ?? "system");
  const query = matchMedia("(prefers-color-scheme: light)");
  const isLight = signal(query.matches);
  query.addEventListener("change", () => (isLight.value = query.matches));
  effect(() => {
    const { value } = theme;
    const systemTheme = isLight.value ? "light" : "dark";
    document.documentElement.dataset["theme"] = value === "system" ? systemTheme : value;
    remember("theme", value);
  });
  return theme;
}
