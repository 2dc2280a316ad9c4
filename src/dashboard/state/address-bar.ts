/** Keeps the page's address and what the page shows the same. */

import { effect } from "@preact/signals";
import type { Milliseconds } from "../../primitives/brand.ts";
import type { Dashboard } from "./dashboard.ts";
import { type Address, decodeAddress, encodeAddress } from "./selection.ts";

/** Replaces the address without adding to the history: "back" leaves the page. */
export class AddressBar {
  readonly #dashboard: Dashboard;
  /** The moment that the address names cannot be shown before there is a first event. */
  #momentMs: number | null = null;

  constructor(dashboard: Dashboard) {
    this.#dashboard = dashboard;
    this.#read();
    window.addEventListener("hashchange", () => {
      this.#read();
      this.showMoment();
    });
    effect(() => this.#write());
  }

  /** To be called when there are events. @returns whether the address names a moment. */
  showMoment(): boolean {
    const { playback } = this.#dashboard;
    if (this.#momentMs === null || playback.recording.length === 0) return false;
    playback.seek((playback.recording.from + this.#momentMs) as Milliseconds);
    this.#momentMs = null;
    return true;
  }

  #read(): void {
    const address = decodeAddress(location.search, location.hash);
    const { selection, perspective, look } = this.#dashboard;
    selection.value = address.selection;
    perspective.value = address.perspective;
    look.value = address.look;
    this.#momentMs = address.momentMs;
  }

  #write(): void {
    const { selection, perspective, look, playback } = this.#dashboard;
    const isPaused = playback.mode.value === "paused";
    const shownMs = isPaused ? playback.moment.value.at - playback.recording.from : null;
    const address: Address = {
      selection: selection.value,
      perspective: perspective.value,
      look: look.value,
      momentMs: this.#momentMs ?? shownMs,
    };
    const query = look.value === "board" ? location.search : "";
    const hash = encodeAddress(address);
    if (hash === location.hash && query === location.search) return;
    history.replaceState(null, "", location.pathname + query + hash);
  }
}
