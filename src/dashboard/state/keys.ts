/** What the keys do, wherever the focus is. */

import type { Signal } from "@preact/signals";
import type { Dashboard } from "./dashboard.ts";
import { tabsOf } from "./tabs.ts";

/** For the card that lists them. */
export const keyHelp: readonly (readonly [keys: string, words: string])[] = [
  ["Space", "pause or play"],
  ["← →", "one event back or forward"],
  ["L", "return to the present"],
  ["1 – 5", "open a tab of the side panel"],
  ["B", "projector view on or off"],
  ["Esc", "clear the selection"],
  ["?", "show or hide this list"],
];

/** Listens until the page is closed. */
export function listenToKeys(dashboard: Dashboard, isHelpOpen: Signal<boolean>): void {
  window.addEventListener("keydown", (event) => {
    // What has the focus comes first: a slider's arrows, a button's space, a field's letters.
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTypedInto(event.target) || (event.key === " " && isPressed(event.target))) return;
    const act = actOf(event.key, dashboard, isHelpOpen);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function actOf(
  key: string,
  dashboard: Dashboard,
  isHelpOpen: Signal<boolean>,
): (() => void) | undefined {
  const { playback, selection, look, tab, kind } = dashboard;
  switch (key) {
    case " ":
      return () => (playback.mode.value === "paused" ? playback.play() : playback.pause());
    case "ArrowLeft":
      return () => playback.step("back");
    case "ArrowRight":
      return () => playback.step("forward");
    case "l":
    case "L":
      return () => playback.goLive();
    case "b":
    case "B":
      return () => (look.value = look.value === "board" ? "desk" : "board");
    case "?":
    case "/":
      return () => (isHelpOpen.value = !isHelpOpen.value);
    case "Escape":
      return () => {
        if (isHelpOpen.value) isHelpOpen.value = false;
        else selection.value = null;
      };
    default: {
      const chosen = /^[1-9]$/.test(key) ? tabsOf(kind)[Number(key) - 1] : undefined;
      return chosen && (() => (tab.value = chosen));
    }
  }
}

function isTypedInto(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, select, textarea");
}

function isPressed(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, summary, [role=button]") !== null;
}
