/** Scripts as text, in the words that Esplora takes from rust-bitcoin. */

import { bytesToHex } from "../../../primitives/bytes.ts";

const pushData1 = 0x4c;
const pushData4 = 0x4e;
const negative1 = 0x4f;
const reserved = 0x50;
const number1 = 0x51;
const number16 = 0x60;

/** Operations from 0x61 on. */
const names = (
  "NOP VER IF NOTIF VERIF VERNOTIF ELSE ENDIF VERIFY RETURN TOALTSTACK FROMALTSTACK 2DROP 2DUP " +
  "3DUP 2OVER 2ROT 2SWAP IFDUP DEPTH DROP DUP NIP OVER PICK ROLL ROT SWAP TUCK CAT SUBSTR LEFT " +
  "RIGHT SIZE INVERT AND OR XOR EQUAL EQUALVERIFY RESERVED1 RESERVED2 1ADD 1SUB 2MUL 2DIV NEGATE " +
  "ABS NOT 0NOTEQUAL ADD SUB MUL DIV MOD LSHIFT RSHIFT BOOLAND BOOLOR NUMEQUAL NUMEQUALVERIFY " +
  "NUMNOTEQUAL LESSTHAN GREATERTHAN LESSTHANOREQUAL GREATERTHANOREQUAL MIN MAX WITHIN RIPEMD160 " +
  "SHA1 SHA256 HASH160 HASH256 CODESEPARATOR CHECKSIG CHECKSIGVERIFY CHECKMULTISIG " +
  "CHECKMULTISIGVERIFY NOP1 CLTV CSV NOP4 NOP5 NOP6 NOP7 NOP8 NOP9 NOP10 CHECKSIGADD"
).split(" ");

/** Operations and data, separated by spaces. A coinbase may hold anything, also a cut push. */
export function scriptText(script: Uint8Array): string {
  const words: string[] = [];
  for (let at = 0; at < script.length;) {
    words.push(nameOf(script[at] as number));
    const { start, end } = dataAt(script, at);
    if (end > script.length) return [...words, "<push past end>"].join(" ");
    if (end > start) words.push(bytesToHex(script.subarray(start, end)));
    at = end;
  }
  return words.join(" ");
}

/** Where the data behind the operation at `at` begins and ends. */
function dataAt(script: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const operation = script[at] as number;
  const next = at + 1;
  if (operation < pushData1) return { start: next, end: next + operation };
  if (operation > pushData4) return { start: next, end: next };
  const start = next + lengthSizeBytes(operation);
  return { start, end: start + littleEndian(script.subarray(next, start)) };
}

function nameOf(operation: number): string {
  if (operation === 0) return "OP_0";
  if (operation < pushData1) return `OP_PUSHBYTES_${operation}`;
  if (operation <= pushData4) return `OP_PUSHDATA${lengthSizeBytes(operation)}`;
  if (operation === negative1) return "OP_PUSHNUM_NEG1";
  if (operation === reserved) return "OP_RESERVED";
  if (operation <= number16) return `OP_PUSHNUM_${operation - number1 + 1}`;
  if (operation === 0xff) return "OP_INVALIDOPCODE";
  return `OP_${names[operation - number16 - 1] ?? `RETURN_${operation}`}`;
}

/** OP_PUSHDATA1, 2 and 4 say in so many bytes how much they push. */
function lengthSizeBytes(operation: number): number {
  return 2 ** (operation - pushData1);
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
