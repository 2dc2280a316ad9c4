/** Checks that a kept script is shown as a new one, and that few are kept. */

import { expect, test } from "vitest";
import { ShownScripts, shownScriptsMax } from "../../../../src/io/http/esplora/shown-scripts.ts";
import { dataScript, payToTaproot } from "../../../../src/primitives/script.ts";
import { keyOf } from "../../../builders.ts";

test("the second answer is the first one's, and knows its network", () => {
  const { script } = keyOf("shop");
  const [lab, regtest] = [new ShownScripts("pow"), new ShownScripts("bcrt")];
  const first = regtest.show(script);
  expect(first).toMatchObject({
    scriptpubkey_type: "v1_p2tr",
    scriptpubkey_address: expect.stringMatching(/^bcrt1p/) as string,
  });
  expect(regtest.show(script.slice())).toBe(first);
  expect(lab.show(script).scriptpubkey_address).toMatch(/^pow1p/);
});

test("data have no address and are not kept", () => {
  const scripts = new ShownScripts("bcrt");
  const shown = scripts.show(dataScript(Uint8Array.of(1, 2)));
  expect(shown.scriptpubkey_type).toBe("op_return");
  expect("scriptpubkey_address" in shown).toBe(false);
  expect(scripts.count).toBe(0);
});

test("at the limit the script goes that was shown longest ago", () => {
  const scripts = new ShownScripts("bcrt");
  const scriptOf = (number: number) => {
    const key = new Uint8Array(32);
    new DataView(key.buffer).setUint32(0, number);
    return payToTaproot(key);
  };
  const [first, second] = [scripts.show(scriptOf(0)), scripts.show(scriptOf(1))];
  for (let number = 2; number < shownScriptsMax; number++) scripts.show(scriptOf(number));
  scripts.show(scriptOf(0));
  scripts.show(scriptOf(shownScriptsMax));
  expect(scripts.count).toBe(shownScriptsMax);
  expect(scripts.show(scriptOf(0))).toBe(first);
  expect(scripts.show(scriptOf(1))).not.toBe(second);
  expect(scripts.show(scriptOf(1))).toEqual(second);
});
