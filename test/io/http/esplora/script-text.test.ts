/** Checks scripts as text against Bitcoin's well-known ones. */

import { expect, test } from "vitest";
import { scriptText } from "../../../../src/io/http/esplora/script-text.ts";
import { parseHex } from "../../../../src/primitives/bytes.ts";

test.each([
  ["", ""],
  ["00", "OP_0"],
  ["4f505160", "OP_PUSHNUM_NEG1 OP_RESERVED OP_PUSHNUM_1 OP_PUSHNUM_16"],
  // The scripts of BIP16 and of a first payment to a key's hash.
  [`a914${"11".repeat(20)}87`, `OP_HASH160 OP_PUSHBYTES_20 ${"11".repeat(20)} OP_EQUAL`],
  [
    `76a914${"22".repeat(20)}88ac`,
    `OP_DUP OP_HASH160 OP_PUSHBYTES_20 ${"22".repeat(20)} OP_EQUALVERIFY OP_CHECKSIG`,
  ],
  ["6a04deadbeef", "OP_RETURN OP_PUSHBYTES_4 deadbeef"],
  ["4c02abcd", "OP_PUSHDATA1 abcd"],
  ["4d0200abcd", "OP_PUSHDATA2 abcd"],
  ["4e02000000abcd", "OP_PUSHDATA4 abcd"],
  ["b1b2b3b9ba", "OP_CLTV OP_CSV OP_NOP4 OP_NOP10 OP_CHECKSIGADD"],
  ["bbfeff", "OP_RETURN_187 OP_RETURN_254 OP_INVALIDOPCODE"],
  ["6102abcd05ab", "OP_NOP OP_PUSHBYTES_2 abcd OP_PUSHBYTES_5 <push past end>"],
  ["4d02", "OP_PUSHDATA2 <push past end>"],
])("%s reads %j", (hex, text) => {
  expect(scriptText(parseHex(hex))).toBe(text);
});
