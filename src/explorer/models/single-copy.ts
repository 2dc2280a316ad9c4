/**
 * Servers that each keep one copy of a register and never speak with each other: linearizable
 * with one server only.
 *
 * @see Stateright, examples/single-copy-register.rs
 */

import type { Model } from "../engine/model.ts";
import type { Actor, State } from "./actors.ts";
import { type ClientMessage, registerModel, type Sizes, unwritten } from "./register-clients.ts";

export function singleCopy(sizes: Sizes): Model<State> {
  return registerModel(sizes, (): Actor<string, ClientMessage> => ({
    start: () => ({ local: unwritten, sends: [] }),
    receive: (value, from, message) => {
      const { type, request } = message;
      if (type === "put") {
        return {
          local: message.value,
          sends: [{ to: from, message: { type: "put-ok", request } }],
        };
      }
      if (type !== "get") return undefined;
      return { local: value, sends: [{ to: from, message: { type: "get-ok", request, value } }] };
    },
  }));
}
