/** Scripts in the shapes of Bitcoin Core. */

import { bytesToHex } from "../../../../primitives/bytes.ts";
import { operationNames, operationsOf } from "../../../../primitives/operations.ts";
import type { Writable } from "../call/json.ts";
import { descriptorOf } from "./descriptor.ts";
import { addressOfKind, scriptKindOf } from "./script-kind.ts";

/** `scriptPubKey` of an output. */
export function scriptJson(
  script: Uint8Array,
  prefix: string,
): { readonly [name: string]: Writable | undefined } {
  const kind = scriptKindOf(script);
  return {
    asm: asmOf(script),
    desc: descriptorOf(script, prefix),
    hex: bytesToHex(script),
    address: addressOfKind(kind, prefix),
    type: kind.type,
  };
}

const numberSizeBytesMax = 4;
const negative1 = 0x4f;
const reserved = 0x50;
const number16 = 0x60;

/** Operations by name, short data as numbers. @see Bitcoin Core, ScriptToAsmStr */
export function asmOf(script: Uint8Array): string {
  const words: string[] = [];
  for (const { code, data, isCut } of operationsOf(script)) {
    if (isCut) {
      words.push("[error]");
      break;
    }
    words.push(data === undefined ? nameOf(code) : wordOf(data));
  }
  return words.join(" ");
}

function wordOf(data: Uint8Array): string {
  return data.length <= numberSizeBytesMax ? String(numberOf(data)) : bytesToHex(data);
}

/** Little-endian, with the sign in the top bit of the last byte. @see Bitcoin Core, CScriptNum */
function numberOf(data: Uint8Array): number {
  const last = data.at(-1) ?? 0;
  const size = data.reduceRight((sum, byte, i) => {
    return sum * 256 + (i === data.length - 1 ? byte & 0x7f : byte);
  }, 0);
  return (last & 0x80) === 0 || size === 0 ? size : -size;
}

function nameOf(code: number): string {
  if (code === negative1) return "-1";
  if (code === reserved) return "OP_RESERVED";
  if (code <= number16) return String(code - reserved);
  if (code === 0xff) return "OP_INVALIDOPCODE";
  const name = operationNames[code - number16 - 1];
  return name === undefined ? "OP_UNKNOWN" : `OP_${name}`;
}
