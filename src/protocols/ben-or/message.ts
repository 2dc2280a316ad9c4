/** What members of Ben-Or's protocol say to each other. */

import type { JsonReader } from "../../primitives/json-reader.ts";
import { readCount } from "../process/wire.ts";

export type Bit = 0 | 1;

/** The two steps of a round, in which each member says one thing to all. */
export type RoundMessage =
  | {
      readonly type: "report";
      /** From 1. */
      readonly round: number;
      readonly bit: Bit;
      /** True if it was said before: the sender has not heard the same from the receiver. */
      readonly isAgain: boolean;
    }
  | {
      readonly type: "proposal";
      readonly round: number;
      /** What more than half of all members report; null if its sender saw no such bit. */
      readonly bit: Bit | null;
      readonly isAgain: boolean;
    };

export type BenOrMessage = RoundMessage | { readonly type: "decided"; readonly bit: Bit };

const types = ["report", "proposal", "decided"] as const;

export function readMessage(reader: JsonReader): BenOrMessage {
  const type = reader.peek("type").word(types);
  if (type === "decided") {
    return { type, bit: readBit(reader.object(["type", "bit"]).get("bit")) };
  }
  const fields = reader.object(["type", "round", "bit", "isAgain"]);
  const [round, bit] = [readCount(fields.get("round")), fields.get("bit")];
  const isAgain = fields.get("isAgain").truth();
  if (type === "report") return { type, round, bit: readBit(bit), isAgain };
  return { type, round, bit: readBitOrNull(bit), isAgain };
}

export function readBit(reader: JsonReader): Bit {
  return reader.wholeNumber({ min: 0, max: 1 }) as Bit;
}

export function readBitOrNull(reader: JsonReader): Bit | null {
  return reader.scalar() === null ? null : readBit(reader);
}

export function describeMessage(message: BenOrMessage): string {
  if (message.type === "decided") return `decided ${message.bit}`;
  const { type, round, bit, isAgain } = message;
  return `${type} ${bit ?? "nothing"} in round ${round}${isAgain ? ", again" : ""}`;
}
