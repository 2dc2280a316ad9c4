/** The port through which a process signs and checks what others signed, and its cheap twin for simulations. */

import type { Command, RequestId } from "./key-value.ts";

/** What a host hands to one process: it signs in the name of that process only. */
export type Signatures = {
  readonly sign: (text: string) => string;
  /** True if `signer`, a process or a client, signed this text. */
  readonly verify: (signer: string, text: string, signature: string) => boolean;
};

/** Of one process or client: checked like real ones, much cheaper, and easy to forge for who means to. */
export function fakeSignatures(name: string): Signatures {
  return {
    sign: (text) => fakeSignature(name, text),
    verify: (signer, text, signature) => signature === fakeSignature(signer, text),
  };
}

/** What a client signs: that it asks this, and under which id. */
export function requestText({ client, number }: RequestId, command: Command): string {
  return JSON.stringify(["request", client, number, command]);
}

function fakeSignature(signer: string, text: string): string {
  return hashOf(`${signer} signs ${text}`);
}

/**
 * 16 hex digits: two 32-bit halves that are multiplied and mixed.
 *
 * @see FNV-1a, whose step this is with two primes; the last mixing is MurmurHash3's
 */
function hashOf(text: string): string {
  let [a, b] = [0x811c_9dc5, 0x01b3_c2d7];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x0100_0193);
    b = Math.imul(b ^ code, 0x85eb_ca6b);
  }
  return digitsOf(mixed(a ^ (b >>> 15))) + digitsOf(mixed(b ^ (a >>> 13)));
}

function mixed(half: number): number {
  const once = Math.imul(half ^ (half >>> 16), 0x85eb_ca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2_ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

const digitsOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** By a table: numbers of 32 bits are slow to print. */
function digitsOf(half: number): string {
  let digits = "";
  for (let shift = 24; shift >= 0; shift -= 8) digits += digitsOfByte[(half >>> shift) & 0xff];
  return digits;
}
