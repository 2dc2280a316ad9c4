/** Counts the messages that processes send, by their kind, and their bytes. */

import type { Protocol } from "../../protocols/process/protocol.ts";

export class MessageCounts {
  readonly #byKind = new Map<string, number>();
  #bytes = 0;

  /** A message is put on a link. @param decode as its receivers read it. */
  sent(bytes: Uint8Array, decode: Protocol["decode"]): void {
    const verdict = decode(bytes);
    const kind = verdict.ok ? kindOf(verdict.value) : "malformed";
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

/** Messages of all protocols are plain objects with a type. */
function kindOf(message: unknown): string {
  return (message as { readonly type: string }).type;
}
