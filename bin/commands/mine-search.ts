/** `powlab mine search`: the nonce of one header, found here and now, without a node. */

import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import type { NetworkName } from "../../src/consensus/params.ts";
import { counted } from "../../src/primitives/figures.ts";
import { type HasherName, hasherNames } from "../../src/primitives/hashing.ts";
import type { Header } from "../../src/primitives/header.ts";
import { type Example, withExamples } from "./examples.ts";
import { wholeNumber } from "./numbers.ts";
import { CliError, exitCodes, say, sayProblem, shortNumber, write, writeJson } from "./output.ts";
import { withJsonOption } from "./remote.ts";
import { formatFacts } from "./table.ts";

type SearchOptions = {
  readonly header: string;
  readonly network: NetworkName;
  readonly target?: string;
  readonly threads?: number;
  readonly hasher?: HasherName;
  readonly json?: true;
};

/** Bitcoin's block 0, with nonce zero. */
const genesisHeader =
  "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd" +
  "7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d00000000";

const examples: readonly Example[] = [
  ["powlab mine search", "Bitcoin's first block: about 2 billion hashes"],
  ['powlab mine search --network regtest --header "$HEADER"', "another one"],
];

const notes = ["The search begins at the header's own nonce and tries all of them once."];

const threadsMax = 256;

export function registerSearch(mine: Command): void {
  const search = mine
    .command("search")
    .description("search the nonce of one header, without a node")
    .addOption(
      new Option("--header <hex>", "80 bytes: 160 hex digits").default(
        genesisHeader,
        "that of Bitcoin's first block, without its nonce",
      ),
    )
    .addOption(
      new Option("--network <name>", "whose easiest target counts")
        .choices(["lab", "regtest", "main"])
        .default("main"),
    )
    .option("--target <hex>", "64 hex digits (default: what the header's own bits say)")
    .option(
      "--threads <count>",
      "threads (default: all processors)",
      wholeNumber({ min: 1, max: threadsMax }),
    )
    .addOption(
      new Option("--hasher <name>", "who hashes (default: the fastest here)").choices(hasherNames),
    );
  withExamples(withJsonOption(search).action(searchNonce), examples, notes);
}

async function searchNonce(options: SearchOptions): Promise<void> {
  const { bytes, header } = await readHeader(options.header);
  const target = await readTarget(options, header);
  const { adoptHasher } = await import("../../src/io/hashing/hasher-choice.ts");
  const { searchHeader } = await import("../../src/io/mining/header-search.ts");
  const { name: hasher, warnings } = adoptHasher(options.hasher);
  for (const warning of warnings) sayProblem(warning);
  const threads = options.threads ?? availableParallelism();
  say(`searching from nonce ${header.nonce} with ${hasher}, ${counted(threads, "thread")} …`);
  const search = await searchHeader({
    header: bytes,
    target,
    threads,
    hasher,
    onWarning: ({ message }) => sayProblem(message),
  });
  const { hashes, seconds } = search;
  const rate = seconds > 0 ? hashes / seconds : 0;
  if (search.header === undefined) {
    const tried = `None of all ${hashes} nonces meets the target (${seconds.toFixed(1)} s).`;
    throw new CliError(`${tried} Change the header's time or merkle root, and search again.`);
  }
  const found = await describe(search.header);
  if (options.json) {
    return writeJson({ ...found, hashes, seconds, hashes_per_second: rate, hasher, threads });
  }
  write(
    formatFacts({
      nonce: found.nonce,
      hash: found.hash,
      header: found.header,
      hashes,
      took: `${seconds.toFixed(1)} s`,
      speed: `${shortNumber(rate)} hashes a second, ${hasher}, ${counted(threads, "thread")}`,
    }),
  );
}

async function readHeader(hex: string): Promise<{ bytes: Uint8Array; header: Header }> {
  const { hexToBytes } = await import("../../src/primitives/bytes.ts");
  const { decodeHeader } = await import("../../src/primitives/header.ts");
  const { headerSizeBytes } = await import("../../src/primitives/hashing.ts");
  const bytes = hexToBytes(hex);
  if (!bytes.ok) throw usage(`--header: ${bytes.problem.reason}.`);
  if (bytes.value.length !== headerSizeBytes) {
    const digits = `has ${2 * headerSizeBytes} hex digits, this has ${hex.length}`;
    throw usage(`--header: a header ${digits}.`);
  }
  const header = decodeHeader(bytes.value);
  if (!header.ok) throw usage(`--header: ${header.problem.reason}.`);
  return { bytes: bytes.value, header: header.value };
}

/** Most significant byte first. */
async function readTarget({ target, network }: SearchOptions, header: Header): Promise<Uint8Array> {
  const { paramsOf } = await import("../../src/consensus/params.ts");
  const { parseHash } = await import("../../src/primitives/hash.ts");
  const { proofOf, targetBytes } = await import("../../src/primitives/target.ts");
  if (target !== undefined) {
    const digits = parseHash(target);
    if (!digits.ok) throw usage("--target: a target has 64 hex digits, the greatest first.");
    return targetBytes(BigInt(`0x${digits.value}`));
  }
  const proof = proofOf(header.bits);
  const bits = header.bits.toString(16).padStart(8, "0");
  if (proof === undefined) throw usage(`The header's bits ${bits} mean no target: use --target.`);
  if (proof.target > paramsOf(network).targetMax) {
    const reason = `is easier than ${network} allows: name another --network, or a --target`;
    throw usage(`The target of the header's bits ${bits} ${reason}.`);
  }
  return targetBytes(proof.target);
}

async function describe(
  header: Uint8Array,
): Promise<{ nonce: number; hash: string; header: string }> {
  const { bytesToHex } = await import("../../src/primitives/bytes.ts");
  const { blockHash, decodeHeader } = await import("../../src/primitives/header.ts");
  const decoded = decodeHeader(header);
  if (!decoded.ok) throw new Error("what was searched is a header");
  const { value } = decoded;
  return { nonce: value.nonce, hash: blockHash(value), header: bytesToHex(header) };
}

function usage(message: string): CliError {
  return new CliError(message, exitCodes.usage);
}
