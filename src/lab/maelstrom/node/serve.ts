/** A node behind the standard streams of this process. */

import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Random } from "../../../primitives/random.ts";
import type { Protocol } from "../../../protocols/process/protocol.ts";
import type { Signatures } from "../../../protocols/process/signatures.ts";
import { encodeMessage } from "../protocol/message.ts";
import { realTime } from "../time.ts";
import { MaelstromNode } from "./maelstrom-node.ts";

export type ServeOptions = {
  readonly protocol: Protocol;
  /** For a protocol that signs. */
  readonly signaturesOf?: ((name: string) => Signatures) | undefined;
  /** For election time-outs; each node takes a stream of its own of it. */
  readonly random: Random;
  readonly input: Readable;
  readonly output: Writable;
  readonly say: (line: string) => void;
};

/** Runs until the input ends. */
export async function serve({ input, output, ...options }: ServeOptions): Promise<void> {
  const node = new MaelstromNode({
    ...options,
    time: realTime,
    send: (message) => output.write(`${encodeMessage(message)}\n`),
  });
  const lines = createInterface({ input, crlfDelay: Infinity });
  lines.on("line", (line) => node.receive(line));
  await once(lines, "close");
}
