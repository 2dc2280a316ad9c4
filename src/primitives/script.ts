/** The few scripts that powlab knows: pay to a taproot key, data that cannot be spent, genesis' own. */

import type { Output } from "./transaction.ts";

const opReturn = 0x6a;
const opCheckSig = 0xac;
const op1 = 0x51;
const op16 = 0x60;
const opPushData1 = 0x4c;
const opPushData2 = 0x4d;
const opPushData4 = 0x4e;

/** BIP341: `OP_1 <32 bytes>`. */
export function payToTaproot(outputKey: Uint8Array): Uint8Array {
  if (outputKey.length !== 32) throw new RangeError(`a key has 32 bytes, not ${outputKey.length}`);
  const script = new Uint8Array(34);
  script.set([op1, 32]);
  script.set(outputKey, 2);
  return script;
}

/** The 32-byte output key of a taproot script, or undefined if it is another script. */
export function taprootKey(script: Uint8Array): Uint8Array | undefined {
  if (script.length !== 34 || script[0] !== op1 || script[1] !== 32) return undefined;
  return script.subarray(2);
}

export function isUnspendable(script: Uint8Array): boolean {
  return script[0] === opReturn;
}

/** Pay to a public key, as Bitcoin's first blocks did: a push of 65 or 33 bytes, and OP_CHECKSIG. */
export function isPublicKeyScript(script: Uint8Array): boolean {
  const [length] = script;
  const isKey = length === 65 || length === 33;
  return isKey && script.length === length + 2 && script.at(-1) === opCheckSig;
}

/** True for `OP_RETURN` followed by nothing but well-formed pushes. */
export function isDataScript(script: Uint8Array): boolean {
  if (script[0] !== opReturn) return false;
  let at = 1;
  while (at < script.length) {
    const length = pushLength(script, at);
    if (length === undefined) return false;
    at += length;
  }
  return at === script.length;
}

/** Bytes of the push operation at `at`, with its data; undefined if it is no push or cut short. */
function pushLength(script: Uint8Array, at: number): number | undefined {
  const operation = script[at] as number;
  if (operation > op16) return undefined;
  if (operation < opPushData1) return operation + 1;
  if (operation > opPushData4) return 1;
  const width = operation === opPushData1 ? 1 : operation === opPushData2 ? 2 : 4;
  if (at + width >= script.length) return undefined;
  let length = 0;
  for (let i = width; i > 0; i--) length = length * 256 + (script[at + i] as number);
  return 1 + width + length;
}

/** `OP_RETURN` and the data as pushes of at most 75 bytes. */
export function dataScript(...pushes: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from([opReturn, ...pushes.flatMap((push) => [push.length, ...push])]);
}

/**
 * The push of a height that a coinbase's script must begin with: an opcode up to 16, else a
 * minimal number with room for the sign bit.
 *
 * @see BIP34; Bitcoin Core, CScript::push_int64
 */
export function heightPush(height: number): Uint8Array {
  if (height === 0) return Uint8Array.of(0);
  if (height <= 16) return Uint8Array.of(op1 - 1 + height);
  const digits: number[] = [];
  for (let rest = height; rest > 0; rest = Math.floor(rest / 256)) digits.push(rest % 256);
  if ((digits.at(-1) as number) >= 0x80) digits.push(0);
  return Uint8Array.of(digits.length, ...digits);
}

/** `OP_RETURN`, a push of 36 bytes, and BIP141's four marker bytes. */
const commitmentMarker = [opReturn, 36, 0xaa, 0x21, 0xa9, 0xed];

export function commitmentScript(commitment: Uint8Array): Uint8Array {
  return Uint8Array.of(...commitmentMarker, ...commitment);
}

/** The 32 bytes of the last output that commits to witnesses, or undefined. @see BIP141 */
export function findCommitment(outputs: readonly Output[]): Uint8Array | undefined {
  const output = outputs.findLast(
    ({ script }) => script.length >= 38 && commitmentMarker.every((byte, i) => script[i] === byte),
  );
  return output?.script.subarray(6, 38);
}
