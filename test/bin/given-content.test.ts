/** What is wrong with a transaction or a PSBT that a command is given. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Transaction } from "@scure/btc-signer";
import { expect, test } from "vitest";
import { CliError } from "../../bin/commands/output.ts";
import { createProgram } from "../../bin/program.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { invalidVectors } from "../wallet/psbt-vectors.ts";

const folder = temporaryFolder();
const text = join(folder, "cut.hex");
writeFileSync(text, "02000000\n");
const binary = join(folder, "binary");
writeFileSync(binary, Uint8Array.of(2, 0, 0, 0, 0xff));

function unsignedPsbt(): string {
  const signer = new Transaction();
  const script = Uint8Array.of(0x51, 0x20, ...new Uint8Array(32).fill(7));
  signer.addInput({ txid: "07".repeat(32), index: 0, witnessUtxo: { script, amount: 50_000n } });
  signer.addOutput({ script, amount: 49_000n });
  return Buffer.from(signer.toPSBT()).toString("base64");
}

test.each([
  ["tx decode 02000", "odd number of hex digits"],
  [
    "tx decode no-such-file",
    "is no transaction in hex, and as a file it cannot be read: there is no",
  ],
  [`tx decode ${folder}`, "cannot be read: the file is a folder"],
  [`tx decode ${text}`, "This is no transaction: "],
  [`tx decode ${binary}`, "This is no transaction: "],
  [`tx decode ${unsignedPsbt()}`, "is no transaction in hex"],
  ["tx decode 70736274ff01", "powlab wallet psbt show"],
  ["wallet sign nonsense 1", "nonsense"],
  ["wallet psbt show cHNidP", "This is no PSBT"],
  ["wallet psbt show cHNidP8!", "it is neither base64 nor hex"],
  [`wallet psbt show ${binary}`, "This is no PSBT that can be read: "],
  [`wallet psbt show ${invalidVectors[1]!.text}`, "This is no PSBT that can be read: "],
  [`wallet psbt finish ${unsignedPsbt()}`, "A signature is missing for input 0"],
])("%s is answered with one sentence", async (typed, said) => {
  const program = await createProgram("all");
  const failed: unknown = await program
    .parseAsync(typed.split(" "), { from: "user" })
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(CliError);
  const { message } = failed as CliError;
  expect(message).toContain(said);
  expect(message).toMatch(/^[^\n]+[^.]\.$/);
});
