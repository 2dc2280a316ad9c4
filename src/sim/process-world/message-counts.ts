/** Counts the messages that processes send, by their kind, and their bytes. */

import type { News, Protocol } from "../../protocols/process/protocol.ts";

export class MessageCounts {
  readonly #byKind = new Map<string, number>();
  #bytes = 0;

  readonly #kinds = new WeakMap<Uint8Array, string>();

  /** The same protocol; of the messages that it encodes the kinds are remembered until they are sent. */
  countingFor<S, M, N extends News>(protocol: Protocol<S, M, N>): Protocol<S, M, N> {
    return {
      ...protocol,
      encode: (message) => {
        const bytes = protocol.encode(message);
        this.#kinds.set(bytes, kindOf(message));
        return bytes;
      },
    };
  }

  /** A message is put on a link. */
  sent(bytes: Uint8Array, protocol: Pick<Protocol, "decode">): void {
    const kind = this.#kinds.get(bytes) ?? kindIn(bytes, protocol);
    this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + 1);
    this.#bytes += bytes.length;
  }

  /** In the order in which they were first sent. */
  get byKind(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#byKind);
  }

  get bytes(): number {
    return this.#bytes;
  }
}

/** Of what a byzantine process made itself. */
function kindIn(bytes: Uint8Array, { decode }: Pick<Protocol, "decode">): string {
  const verdict = decode(bytes);
  return verdict.ok ? kindOf(verdict.value) : "malformed";
}

/** Messages of all protocols are plain objects with a type. */
function kindOf(message: unknown): string {
  return (message as { readonly type: string }).type;
}
