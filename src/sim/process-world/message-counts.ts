/** Counts the messages that processes send, by their kind, and their bytes. */

import type { News, Protocol } from "../../protocols/process/protocol.ts";

export class MessageCounts {
  readonly #byKind = new Map<string, number>();
  #bytes = 0;

  /** The same protocol; each message that is encoded, which is once when it is sent, is counted. */
  countingFor<S, M, N extends News>(protocol: Protocol<S, M, N>): Protocol<S, M, N> {
    return {
      ...protocol,
      encode: (message) => {
        const bytes = protocol.encode(message);
        const kind = kindOf(message);
        this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + 1);
        this.#bytes += bytes.length;
        return bytes;
      },
    };
  }

  /** In the order in which they were first sent. */
  get byKind(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#byKind);
  }

  get bytes(): number {
    return this.#bytes;
  }
}

/** Messages of all protocols are plain objects with a type. */
function kindOf(message: unknown): string {
  return (message as { readonly type: string }).type;
}
