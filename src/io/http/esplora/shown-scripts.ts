/** Output scripts in Esplora's words, kept for those that were shown last. */

import type { OutputJson } from "../../../contract/node-api.ts";
import { addressOfScript } from "../../../primitives/address.ts";
import { bytesToHex } from "../../../primitives/bytes.ts";
import { isPublicKeyScript, isUnspendable, taprootKey } from "../../../primitives/script.ts";
import { scriptText } from "./script-text.ts";

export type ShownScript = Omit<OutputJson, "value">;

/** About 3 MB: the keys of a few large answers. */
export const shownScriptsMax = 5_000;

/** To spell an address costs more than all else in an output, and the same keys come often. */
export class ShownScripts {
  readonly #prefix: string;
  /** The one that was shown longest ago first. */
  readonly #shown = new Map<string, ShownScript>();

  /** @param prefix what addresses of the network begin with. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get count(): number {
    return this.#shown.size;
  }

  show(script: Uint8Array): ShownScript {
    const digits = bytesToHex(script);
    if (taprootKey(script) === undefined) return describe(script, digits, this.#prefix);
    const known = this.#shown.get(digits);
    if (known !== undefined) this.#shown.delete(digits);
    const shown = known ?? describe(script, digits, this.#prefix);
    this.#shown.set(digits, shown);
    if (this.#shown.size > shownScriptsMax) this.#dropOldest();
    return shown;
  }

  #dropOldest(): void {
    for (const oldest of this.#shown.keys()) {
      this.#shown.delete(oldest);
      return;
    }
  }
}

const byPrefix = new Map<string, ShownScripts>();

/** Those of a network; a process knows few of them. */
export function shownScriptsOf(prefix: string): ShownScripts {
  let scripts = byPrefix.get(prefix);
  if (scripts === undefined) byPrefix.set(prefix, (scripts = new ShownScripts(prefix)));
  return scripts;
}

function describe(script: Uint8Array, digits: string, prefix: string): ShownScript {
  const address = addressOfScript(script, prefix);
  return {
    scriptpubkey: digits,
    scriptpubkey_asm: scriptText(script),
    scriptpubkey_type: address === undefined ? typeWithoutAddress(script) : "v1_p2tr",
    ...(address !== undefined && { scriptpubkey_address: address }),
  };
}

/** Bitcoin's first coinbase pays to a public key. */
function typeWithoutAddress(script: Uint8Array): OutputJson["scriptpubkey_type"] {
  if (isUnspendable(script)) return "op_return";
  return isPublicKeyScript(script) ? "p2pk" : "unknown";
}
