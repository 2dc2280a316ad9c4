/** A protocol each of whose events is stamped; a message carries the number of its sending. */

import { broken, valid } from "../../primitives/verdict.ts";
import type { ProcessEffect } from "../../protocols/process/process.ts";
import type { News, Protocol } from "../../protocols/process/protocol.ts";
import type { EventNumber, Stamps } from "./stamps.ts";

type Numbered = { readonly type: "numbered"; readonly sent: EventNumber; readonly inner: unknown };
type Named = { readonly process: number; readonly inner: unknown };

const headerBytes = 4;

/** Times are those of the processes' own clocks, which must be right and begin together. */
export function stampedBy(stamps: Stamps, protocol: Protocol): Protocol {
  return {
    ...protocol,
    start: (setting, disk): Named => {
      const process = setting.members.indexOf(setting.name);
      return { process, inner: protocol.start(setting, disk) };
    },
    step: (state, event, moment) => {
      const { process, inner } = state as Named;
      const received = event.type === "received" ? (event.message as Numbered) : undefined;
      stamps.add(process, moment.now, received?.sent);
      const plain = event.type === "received" ? { ...event, message: received?.inner } : event;
      const step = protocol.step(inner, plain, moment);
      const effects = step.effects.map((effect): ProcessEffect<unknown, News> => {
        if (effect.type !== "send") return effect;
        const sent = stamps.add(process, moment.now);
        const message: Numbered = { type: "numbered", sent, inner: effect.message };
        return { ...effect, message };
      });
      return { state: { process, inner: step.state }, effects };
    },
    encode: (message) => {
      const { sent, inner } = message as Numbered;
      const bytes = protocol.encode(inner);
      const numbered = new Uint8Array(headerBytes + bytes.length);
      new DataView(numbered.buffer).setUint32(0, sent);
      numbered.set(bytes, headerBytes);
      return numbered;
    },
    decode: (bytes) => {
      if (bytes.length < headerBytes) return broken("it is shorter than its number");
      const sent = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
      const inner = protocol.decode(bytes.subarray(headerBytes));
      return inner.ok ? valid({ type: "numbered", sent, inner: inner.value }) : inner;
    },
    view: (state) => protocol.view((state as Named).inner),
    describe: (message) => protocol.describe((message as Numbered).inner),
  };
}
