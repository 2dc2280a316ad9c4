/** What the keys do on the page for protocols, wherever the focus is. */

import type { Signal } from "@preact/signals";
import { messageFault, nodeFault, type NodeLever, whyNot } from "../run/levers.ts";
import { entryOf, leaderOf } from "../run/moment.ts";
import type { ProtocolPage } from "./protocol-page.ts";

export const protocolKeyHelp: readonly (readonly [keys: string, words: string])[] = [
  ["Space", "pause or play"],
  ["← →", "one step back or forward"],
  ["Shift ← →", "ten steps"],
  ["K", "crash the leader at this moment"],
  ["1 – 9", "select a process"],
  ["S R P X", "crash, restart, pause or cut off the selected process"],
  ["M", "select the message of this moment"],
  ["D", "drop the selected message"],
  ["U", "undo the last change"],
  ["Esc", "clear the selection"],
  ["?", "show or hide this list"],
];

const leverOf: Readonly<Record<string, NodeLever>> = {
  s: "crash",
  r: "restart",
  p: "pause",
  x: "cut off",
};

/** Listens until the page is closed. */
export function listenToProtocolKeys(page: ProtocolPage, isHelpOpen: Signal<boolean>): void {
  window.addEventListener("keydown", (event) => {
    // What has the focus comes first: a slider's arrows, a button's space, a field's letters.
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (target instanceof Element) {
      if (target.matches("input, select, textarea")) return;
      if (event.key === " " && target.closest("button, a, summary") !== null) return;
    }
    const act = actOf(event, page, isHelpOpen);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function actOf(
  { key, shiftKey }: KeyboardEvent,
  page: ProtocolPage,
  isHelpOpen: Signal<boolean>,
): (() => void) | undefined {
  const { isPlaying, selected } = page;
  const times = shiftKey ? 10 : 1;
  switch (key.toLowerCase()) {
    case " ":
      return () => (isPlaying.value ? (isPlaying.value = false) : page.play());
    case "arrowleft":
      return () => page.step("back", times);
    case "arrowright":
      return () => page.step("forward", times);
    case "u":
      return () => page.undo();
    case "k":
      return () => crashLeader(page);
    case "m":
      return () => selectMessage(page);
    case "d":
      return () => dropMessage(page);
    case "?":
      return () => (isHelpOpen.value = !isHelpOpen.value);
    case "escape":
      return () => {
        if (isHelpOpen.value) isHelpOpen.value = false;
        else selected.value = null;
      };
    default:
      return nodeAct(key.toLowerCase(), page);
  }
}

function nodeAct(key: string, page: ProtocolPage): (() => void) | undefined {
  const { selected, record, moment } = page;
  if (/^[1-9]$/.test(key)) {
    const name = record.value?.names[Number(key) - 1];
    return name === undefined ? undefined : () => (selected.value = { type: "node", name });
  }
  const lever = leverOf[key];
  const { value: run } = record;
  if (lever === undefined || selected.value?.type !== "node" || run === null) return undefined;
  const { name } = selected.value;
  if (whyNot(lever, name, run, moment.value) !== undefined) return undefined;
  return () => page.add(nodeFault(lever, name, moment.value), `${lever} ${name}`);
}

export function crashLeader(page: ProtocolPage): void {
  const { record, moment } = page;
  const leader = record.value && leaderOf(record.value, moment.value);
  if (!leader) return;
  page.add(nodeFault("crash", leader, moment.value), `crash ${leader}, which led`);
}

function selectMessage({ record, moment, selected }: ProtocolPage): void {
  const position = record.value && entryOf(record.value, moment.value)?.message;
  if (typeof position === "number") selected.value = { type: "message", position };
}

function dropMessage(page: ProtocolPage): void {
  const { record, selected } = page;
  if (selected.value?.type !== "message") return;
  const message = record.value?.messages[selected.value.position];
  if (message === undefined) return;
  const { from, to } = message;
  page.add(messageFault("lose", message), `drop a message of ${from} to ${to}`);
}
