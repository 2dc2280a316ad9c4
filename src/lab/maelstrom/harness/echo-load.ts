/** The workload echo: what a client says must come back as it was. */

import { isDeepStrictEqual } from "node:util";
import type { Random } from "../../../primitives/random.ts";
import { broken, valid, type Verdict } from "../../../primitives/verdict.ts";
import type { Body } from "../protocol/message.ts";
import { type Judgement, type Load, type OperationEnd, readError } from "./load.ts";

export class EchoLoad implements Load {
  readonly history = undefined;
  readonly #random: Random;
  readonly #open = new Map<string, unknown>();
  #example: string | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Some of it is no text. */
  ask(client: string): Body {
    const number = this.#random.nextBelow(128);
    const echo = this.#random.pick<unknown>([`Please echo ${number}`, number, { number }, null]);
    this.#open.set(client, echo);
    return { type: "echo", echo };
  }

  receive(client: string, reply: Body): Verdict<OperationEnd, string> {
    const said = this.#open.get(client);
    this.#open.delete(client);
    const error = readError(reply);
    if (!error.ok) return error;
    if (error.value !== undefined) {
      const { code, isDefinite } = error.value;
      return valid({ outcome: isDefinite ? "failed" : "unknown", code });
    }
    if (reply.type !== "echo_ok") return broken(`answers an echo with "${reply.type}"`);
    if (!isDeepStrictEqual(reply["echo"], said)) {
      const came = JSON.stringify(reply["echo"]) ?? "nothing";
      this.#example ??= `${JSON.stringify(said)} came back as ${came}`;
    }
    return valid({ outcome: "ok" });
  }

  giveUp(client: string): void {
    this.#open.delete(client);
  }

  judge(): Judgement {
    const example = this.#example;
    return example === undefined ? { verdict: "equal" } : { verdict: "not-equal", example };
  }
}
