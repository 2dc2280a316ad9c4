/** Output descriptors that are looked for among the coins: those that pay taproot, and single scripts. */

import { HARDENED_OFFSET, HDKey } from "@scure/bip32";
import { isXOnlyPoint, xOnlyPointAddTweak } from "tiny-secp256k1";
import { bytesToHex, hexToBytes } from "../../../../primitives/bytes.ts";
import { descriptorChecksum, withChecksum } from "../../../../primitives/descriptor-checksum.ts";
import { taggedHash } from "../../../../primitives/hash.ts";
import { payToTaproot } from "../../../../primitives/script.ts";
import { TimeSlices } from "../../../platform/time-slices.ts";
import { isList, type Json, JsonNumber, JsonObject } from "../call/json.ts";
import { integerFrom, stringFrom } from "../call/parameters.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";
import { readAddress } from "./address-text.ts";
import { descriptorOf } from "./descriptor.ts";
import { hash160 } from "./script-kind.ts";

/** A script, and the descriptor that a coin with it is shown with. */
export type DescribedScript = { readonly script: Uint8Array; readonly descriptor: string };

/** How many keys of a range are looked for if it is not said. @see Bitcoin Core, EvalDescriptorStringOrObject */
const rangeEndDefault = 1000;
const rangeSizeMax = 100_000;

/**
 * Reads a descriptor, or an object with one and a range.
 *
 * @param prefix of the network's addresses.
 * @param end the last key of a range, if the value does not say.
 * @throws RpcError with Core's words, and ours for descriptors that no output here is of.
 */
export async function describedScripts(
  value: Json,
  prefix: string,
  end = rangeEndDefault,
): Promise<DescribedScript[]> {
  if (!(value instanceof JsonObject)) return scriptsOf(stringFrom(value), [0, end], prefix);
  const text = value.get("desc");
  if (text === undefined) {
    throw wrong("Descriptor needs to be provided in scan object", rpcCodes.parameter);
  }
  return scriptsOf(stringFrom(text), rangeFrom(value.get("range") ?? null), prefix);
}

/** The first key of a range and the last. */
type Range = readonly [begin: number, end: number];

function rangeFrom(value: Json): Range {
  if (value === null) return [0, rangeEndDefault];
  const [begin, end] =
    value instanceof JsonNumber
      ? [0, integerFrom(value)]
      : isList(value)
        ? value.map((each) => integerFrom(each))
        : [];
  if (begin === undefined || end === undefined) {
    throw wrong("Range must be specified as end or as [begin,end]", rpcCodes.parameter);
  }
  if (begin > end)
    throw wrong("Range specified as [begin,end] must not have begin after end", rpcCodes.parameter);
  if (begin < 0) throw wrong("Range should be greater or equal than 0", rpcCodes.parameter);
  if (end - begin >= rangeSizeMax) throw wrong("Range is too large", rpcCodes.parameter);
  return [begin, end];
}

const shape = /^([a-z_]*)\((.*)\)$/s;
/** What other descriptors are called, which pay no output of these networks. */
const others = ["pk", "pkh", "wpkh", "combo", "multi", "sortedmulti", "sh", "wsh", "multi_a"];

async function scriptsOf(text: string, range: Range, prefix: string): Promise<DescribedScript[]> {
  const bare = withoutChecksum(text);
  const [, name = "", content = ""] = shape.exec(bare) ?? [];
  switch (name) {
    case "addr": {
      const read = readAddress(content, prefix);
      if (!read.ok) throw wrong("Address is not valid");
      return [{ script: read.script, descriptor: descriptorOf(read.script, prefix) }];
    }
    case "raw": {
      const script = hexToBytes(content);
      if (!script.ok) throw wrong("Raw script is not hex");
      return [{ script: script.value, descriptor: descriptorOf(script.value, prefix) }];
    }
    case "rawtr":
    case "tr": {
      const keys = await keysOf(content, range);
      return keys.map(({ key, origin }) => {
        return described(name, key, name === "tr" ? tweaked(key) : key, origin);
      });
    }
    default:
      if (!others.includes(name)) throw wrong(`'${bare}' is not a valid descriptor function`);
      throw wrong(
        `${name}() pays no output of this network: only tr(), rawtr(), addr() and raw() do`,
      );
  }
}

function withoutChecksum(text: string): string {
  const [bare = "", checksum, ...more] = text.split("#");
  if (more.length > 0) throw wrong("Multiple '#' symbols");
  const computed = descriptorChecksum(bare);
  if (computed === undefined) throw wrong("Invalid characters in payload");
  if (checksum === undefined || checksum === computed) return bare;
  if (checksum.length !== computed.length) {
    throw wrong(
      `Expected ${computed.length} character checksum, not ${checksum.length} characters`,
    );
  }
  throw wrong(`Provided checksum '${checksum}' does not match computed checksum '${computed}'`);
}

// --- Keys --------------------------------------------------------------------------------------

/** A key of 32 bytes, and where it comes from: a fingerprint and perhaps a path. */
type OriginatedKey = { readonly key: Uint8Array; readonly origin: string };

const keyShape = /^(?:\[([0-9a-f]{8}(?:\/\d+['h]?)*)\])?([^[\]/]+)((?:\/\d+)*)(\/\*)?$/;
const mainVersions = { private: 0x0488ade4, public: 0x0488b21e };
const testVersions = { private: 0x04358394, public: 0x043587cf };

/** The keys of an expression: one, or in slices those of a range if it ends in a star. */
async function keysOf(expression: string, [begin, end]: Range): Promise<OriginatedKey[]> {
  const [, origin, text = "", path = "", star] = keyShape.exec(expression) ?? [];
  if (/^[tx]pub/.test(text)) {
    const parent = derived(text, path, expression);
    const from = `${origin ?? fingerprintOf(extendedKey(text, expression))}${path}`;
    if (star === undefined) return [{ key: xOnly(parent), origin: from }];
    const slices = new TimeSlices();
    const keys: OriginatedKey[] = [];
    for (let index = begin; index <= end; index++) {
      keys.push({ key: xOnly(parent.deriveChild(index)), origin: `${from}/${index}` });
      await slices.turn();
    }
    return keys;
  }
  const bytes = hexToBytes(text);
  const key =
    bytes.ok && bytes.value.length === 33 ? bytes.value.subarray(1) : bytes.ok && bytes.value;
  if (path !== "" || star !== undefined || !key || key.length !== 32 || !isXOnlyPoint(key)) {
    throw wrong(`key '${expression}' is not valid: give 32 bytes in hex, or an xpub with a path`);
  }
  return [{ key, origin: origin ?? bytesToHex(hash160(Uint8Array.of(2, ...key)).subarray(0, 4)) }];
}

function extendedKey(text: string, expression: string): HDKey {
  try {
    return HDKey.fromExtendedKey(text, text.startsWith("t") ? testVersions : mainVersions);
  } catch {
    throw wrong(`key '${expression}' is not valid`);
  }
}

function derived(text: string, path: string, expression: string): HDKey {
  const steps = path.split("/").slice(1).map(Number);
  if (steps.some((step) => step >= HARDENED_OFFSET)) {
    throw wrong(`key '${expression}' is not valid: a step of a path is below ${HARDENED_OFFSET}`);
  }
  return steps.reduce((key, step) => key.deriveChild(step), extendedKey(text, expression));
}

function fingerprintOf({ fingerprint }: HDKey): string {
  return fingerprint.toString(16).padStart(8, "0");
}

function xOnly({ publicKey }: HDKey): Uint8Array {
  if (publicKey === null) throw new Error("an extended key has a public half");
  return publicKey.subarray(1);
}

/** The output key of a key without scripts. @see BIP341 */
function tweaked(key: Uint8Array): Uint8Array {
  const output = xOnlyPointAddTweak(key, taggedHash("TapTweak", key));
  if (output === null) throw wrong("the key has no output key");
  return output.xOnlyPubkey;
}

function described(
  name: string,
  key: Uint8Array,
  output: Uint8Array,
  origin: string,
): DescribedScript {
  const descriptor = withChecksum(`${name}([${origin}]${bytesToHex(key)})`);
  return { script: payToTaproot(output), descriptor };
}

function wrong(message: string, code: number = rpcCodes.addressOrKey): RpcError {
  return new RpcError(code, message);
}
