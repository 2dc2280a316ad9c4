/** Keeps the address of the page and what it shows the same. */

import { effect } from "@preact/signals";
import { decodePageAddress, encodePageAddress } from "../run/page-address.ts";
import type { ProtocolPage } from "./protocol-page.ts";

/** Replaces the address without adding to the history: "back" leaves the page. */
export function keepAddress(page: ProtocolPage): void {
  window.addEventListener("hashchange", () => {
    if (location.hash === encodePageAddress(page.link)) return;
    page.open(decodePageAddress(location.hash));
  });
  effect(() => {
    const { record, isPlaying, isBusy } = page;
    // While it plays the address would change with every picture, more often than browsers allow.
    if (record.value === null || isPlaying.value || isBusy.value) return;
    const hash = encodePageAddress(page.link);
    if (hash !== location.hash) history.replaceState(null, "", location.pathname + hash);
  });
}
