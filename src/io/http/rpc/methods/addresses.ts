/** Methods about addresses. */

import { bytesToHex } from "../../../../primitives/bytes.ts";
import { descriptorChecksum } from "../../../../primitives/descriptor-checksum.ts";
import type { Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { text } from "../call/parameters.ts";
import { readAddress } from "../shapes/address-text.ts";
import { describedScripts } from "../shapes/scan-descriptor.ts";
import { addressOfKind, type ScriptKind, scriptKindOf } from "../shapes/script-kind.ts";

export const addressMethods: readonly Method[] = [
  method("validateaddress", {
    about: "Whether a text is an address of this network, and which script it stands for.",
    category: "Util",
    parameters: { address: text },
    answer: ({ address }, { served }) => judged(address, served.node.params.addressPrefix),
  }),
  method("getdescriptorinfo", {
    about: "The checksum of a descriptor of this network's outputs, and what it is.",
    category: "Util",
    parameters: { descriptor: text },
    answer: async ({ descriptor }, { served }) => {
      await describedScripts(descriptor, served.node.params.addressPrefix, 0);
      const [bare = ""] = descriptor.split("#");
      const checksum = descriptorChecksum(bare) ?? "";
      return {
        descriptor: `${bare}#${checksum}`,
        checksum,
        isrange: bare.includes("*"),
        issolvable: !/^(?:addr|raw)\(/.test(bare),
        hasprivatekeys: false,
      };
    },
  }),
];

function judged(text: string, prefix: string): Writable {
  const read = readAddress(text, prefix);
  if (!read.ok) return { isvalid: false, error_locations: read.locations, error: read.error };
  const kind = scriptKindOf(read.script);
  return {
    isvalid: true,
    address: addressOfKind(kind, prefix),
    scriptPubKey: bytesToHex(read.script),
    ...kindJson(kind),
  };
}

/** @see Bitcoin Core, DescribeAddress */
function kindJson(kind: ScriptKind): Readonly<Record<string, Writable>> {
  if (kind.type === "anchor") return { isscript: true, iswitness: true };
  if (!("program" in kind)) {
    return { isscript: kind.type === "scripthash", iswitness: false };
  }
  const { type, version, program } = kind;
  const isScript = { isscript: type !== "witness_v0_keyhash" };
  return {
    ...(type !== "witness_unknown" && isScript),
    iswitness: true,
    witness_version: version,
    witness_program: bytesToHex(program),
  };
}
