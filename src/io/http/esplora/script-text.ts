/** Scripts as text, in the words that Esplora takes from rust-bitcoin. */

import { bytesToHex } from "../../../primitives/bytes.ts";
import { lengthSizeBytes, operationNames, operationsOf } from "../../../primitives/operations.ts";

const pushData1 = 0x4c;
const pushData4 = 0x4e;
const negative1 = 0x4f;
const reserved = 0x50;
const number1 = 0x51;
const number16 = 0x60;

/** Where its words are others than the names of the operations. */
const shortNames: Readonly<Record<string, string>> = {
  CHECKLOCKTIMEVERIFY: "CLTV",
  CHECKSEQUENCEVERIFY: "CSV",
};

/** Operations and data, separated by spaces. A coinbase may hold anything, also a cut push. */
export function scriptText(script: Uint8Array): string {
  const words: string[] = [];
  for (const { code, data, isCut } of operationsOf(script)) {
    words.push(nameOf(code));
    if (isCut) words.push("<push past end>");
    else if (data !== undefined && data.length > 0) words.push(bytesToHex(data));
  }
  return words.join(" ");
}

function nameOf(operation: number): string {
  if (operation === 0) return "OP_0";
  if (operation < pushData1) return `OP_PUSHBYTES_${operation}`;
  if (operation <= pushData4) return `OP_PUSHDATA${lengthSizeBytes(operation)}`;
  if (operation === negative1) return "OP_PUSHNUM_NEG1";
  if (operation === reserved) return "OP_RESERVED";
  if (operation <= number16) return `OP_PUSHNUM_${operation - number1 + 1}`;
  if (operation === 0xff) return "OP_INVALIDOPCODE";
  const name = operationNames[operation - number16 - 1] ?? `RETURN_${operation}`;
  return `OP_${shortNames[name] ?? name}`;
}
