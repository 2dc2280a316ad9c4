/** What is wrong with the links of a cluster now, and the state of each process' side of them. */

import type { Groups } from "../../contract/network.ts";
import { type LinkState, openLink } from "../../io/process/process-links.ts";
import { isSeparated } from "../nodes/partition.ts";
import type { LinkStates } from "./node-message.ts";

/** Something that makes links worse for a while. */
export type Impairment =
  | { readonly type: "split"; readonly groups: Groups }
  | { readonly type: "isolate"; readonly node: string }
  /** Nothing that `from` sends to `to` arrives. */
  | { readonly type: "silence"; readonly from: string; readonly to: string }
  /** All links of a node, or one link; each way. */
  | { readonly type: "slow"; readonly nodes: readonly string[]; readonly byMs: number }
  | { readonly type: "scramble"; readonly node: string; readonly share: number };

export class LinkBook {
  readonly #names: readonly string[];
  readonly #impairments = new Set<Impairment>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  add(impairment: Impairment): void {
    this.#impairments.add(impairment);
  }

  /** @returns false if it was over already. */
  remove(impairment: Impairment): boolean {
    return this.#impairments.delete(impairment);
  }

  clear(): void {
    this.#impairments.clear();
  }

  get isEmpty(): boolean {
    return this.#impairments.size === 0;
  }

  /** The states of one process' side of all its links. */
  statesOf(from: string): LinkStates {
    const others = this.#names.filter((name) => name !== from);
    return Object.fromEntries(others.map((to) => [to, this.#stateBetween(from, to)]));
  }

  #stateBetween(from: string, to: string): LinkState {
    let state = openLink;
    for (const impairment of this.#impairments) state = worsen(state, impairment, from, to);
    return state;
  }
}

function worsen(state: LinkState, impairment: Impairment, from: string, to: string): LinkState {
  switch (impairment.type) {
    case "split":
      return isSeparated(impairment.groups, from, to) ? { ...state, isCut: true } : state;
    case "isolate":
      return isAt(impairment.node, from, to) ? { ...state, isCut: true } : state;
    case "silence": {
      const isMeant = impairment.from === from && impairment.to === to;
      return isMeant ? { ...state, isSilent: true } : state;
    }
    case "slow": {
      const isMeant = impairment.nodes.every((node) => isAt(node, from, to));
      return isMeant ? { ...state, delayMs: state.delayMs + impairment.byMs } : state;
    }
    case "scramble": {
      if (!isAt(impairment.node, from, to)) return state;
      const scrambledShare = Math.max(state.scrambledShare, impairment.share);
      return { ...state, scrambledShare };
    }
  }
}

function isAt(node: string, from: string, to: string): boolean {
  return node === from || node === to;
}
