/** Changes between dark, light, and what the operating system has. */

import type { Signal } from "@preact/signals";
import type { Theme } from "../../state/dashboard.ts";

const nextTheme: Readonly<Record<Theme, Theme>> = {
  system: "dark",
  dark: "light",
  light: "system",
};
const themeSigns: Readonly<Record<Theme, string>> = { system: "◐", dark: "●", light: "○" };

export function ThemeButton({ theme }: { readonly theme: Signal<Theme> }) {
  const { value } = theme;
  return (
    <button
      type="button"
      aria-label={`Colours: ${value}. Change to ${nextTheme[value]}`}
      title={`Colours: ${value}; press for ${nextTheme[value]}`}
      onClick={() => (theme.value = nextTheme[value])}
    >
      {themeSigns[value]}
    </button>
  );
}
