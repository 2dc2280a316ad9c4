/** Header spam: it claims much work, and shows ever new headers that have little. */

import type { TreeEntry } from "../../chain/tree.ts";
import type { Ancestor } from "../../consensus/ancestor.ts";
import type { Now } from "../../machine/now.ts";
import type { Effect } from "../../node/effect.ts";
import type { Node } from "../../node/node.ts";
import type { Response } from "../../peers/message.ts";
import type { Header } from "../../primitives/header.ts";
import type { Random } from "../../primitives/random.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";
import { ancestorOf, forgeHeader, randomHash } from "./forge.ts";

const intervalMs = 3_000;
/** Headers of a branch; it begins so far below the tip that it has less work. */
const length = 6;
const depth = 2 * length;

export class HeaderSpam implements Behaviour {
  readonly #random: Random;
  #nextAt = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  filter(effects: readonly Effect[], node: Node, now: Now): readonly Effect[] {
    const spoilt = effects.map((effect) => {
      if (effect.type !== "respond") return effect;
      return { ...effect, response: this.#spoil(effect.response, node) };
    });
    if (now.elapsed < this.#nextAt) return spoilt;
    this.#nextAt = now.elapsed + intervalMs;
    const [header] = this.#forgeBranch(node);
    if (header === undefined) return spoilt;
    return [...spoilt, { type: "gossip", message: { type: "header", header, announcer: 0 } }];
  }

  #spoil(response: Response, node: Node): Response {
    if (response.type === "headers") return { ...response, headers: this.#forgeBranch(node) };
    if (response.type !== "status") return response;
    const { status } = response;
    const tip = randomHash(this.#random);
    return { ...response, status: { ...status, tip, work: 2n * status.work } };
  }

  #forgeBranch(node: Node): readonly Header[] {
    let below: Ancestor = this.#root(node);
    const headers: Header[] = [];
    for (let i = 0; i < length; i++) {
      const header = forgeHeader(node, below, this.#random);
      headers.push(header);
      below = ancestorOf(header, below);
    }
    return headers;
  }

  #root({ chain }: Node): TreeEntry {
    return chain.entryAt(Math.max(0, chain.tip.height - depth)) ?? chain.tree.genesis;
  }
}
