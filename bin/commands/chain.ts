/** `powlab chain`: the blocks that a running node knows. */

import type { Command } from "commander";
import type { BlockJson } from "../../src/contract/node-api.ts";
import type { BlockHash, Txid } from "../../src/primitives/brand.ts";
import type { NodeClient } from "../../src/wallet/client.ts";
import { withExamples } from "./examples.ts";
import { CliError, exitCodes, say, write, writeJson } from "./output.ts";
import { askNode, type RemoteOptions, withRemoteOptions } from "./remote.ts";
import { formatFacts, formatTable, formatTime } from "./table.ts";

const heightPattern = /^\d{1,9}$/;
const hashPattern = /^[0-9a-f]{64}$/;

export function register(program: Command): void {
  const chain = program.command("chain").description("read the chain of a running node");
  withExamples(chain, [["powlab chain tip"], ["powlab chain tips"], ["powlab chain block 0"]]);
  const tip = withRemoteOptions(
    chain.command("tip").description("the block that the node builds on"),
  ).action(showTip);
  withExamples(tip, [["powlab chain tip --json"]]);
  const block = withRemoteOptions(chain.command("block").description("one block"))
    .argument("<hash-or-height>", "64 hex digits, or a height on the active branch")
    .action(showBlock);
  withExamples(block, [["powlab chain block 0"], ["powlab chain block 12 --json"]]);
  const tips = withRemoteOptions(
    chain.command("tips").description("where all branches end"),
  ).action(showTips);
  withExamples(tips, [["powlab chain tips"]]);
}

async function showTip(options: RemoteOptions): Promise<void> {
  const block = await askNode(options, async (client) => client.block(await client.tipHash()));
  if (options.json) return writeJson(block);
  write(`${block.height} ${block.id}`);
  say(`Next: powlab chain block ${block.height}`);
}

async function showBlock(name: string, options: RemoteOptions): Promise<void> {
  const wanted = name.toLowerCase();
  if (!heightPattern.test(wanted) && !hashPattern.test(wanted)) {
    throw new CliError(
      `${JSON.stringify(name)} is neither a height nor a block hash of 64 hex digits.`,
      exitCodes.usage,
    );
  }
  const { block, txids } = await askNode(options, (client) => findBlock(client, wanted));
  if (options.json) return writeJson({ ...block, txids });
  write(describeBlock(block, txids));
  say(`Next: powlab tx show ${txids[0] ?? "TXID"}`);
}

type FoundBlock = { readonly block: BlockJson; readonly txids: readonly Txid[] };

async function findBlock(client: NodeClient, wanted: string): Promise<FoundBlock> {
  const { NodeRefusedError } = await import("../../src/wallet/client.ts");
  try {
    const hash = heightPattern.test(wanted)
      ? await client.blockHashAt(Number(wanted))
      : (wanted as BlockHash);
    const [block, txids] = await Promise.all([client.block(hash), client.blockTxids(hash)]);
    return { block, txids };
  } catch (error) {
    if (!(error instanceof NodeRefusedError) || error.status !== 404) throw error;
    const hint = "`powlab chain tip` shows how far it is";
    throw new CliError(`The node has no block ${wanted}; ${hint}.`, exitCodes.failed);
  }
}

function describeBlock(block: BlockJson, txids: readonly Txid[]): string {
  const facts = formatFacts({
    hash: block.id,
    height: block.height,
    previous: block.previousblockhash ?? "none: it is the first",
    time: formatTime(block.timestamp),
    transactions: block.tx_count,
    size: `${block.size} bytes, weight ${block.weight}`,
    difficulty: block.difficulty,
    bits: block.bits.toString(16).padStart(8, "0"),
    nonce: block.nonce,
    "merkle root": block.merkle_root,
  });
  return [facts, "", ...txids].join("\n");
}

async function showTips(options: RemoteOptions): Promise<void> {
  const tips = await askNode(options, (client) => client.chainTips());
  if (options.json) return writeJson(tips);
  write(
    formatTable(
      [
        { title: "height", align: "right" },
        { title: "hash" },
        { title: "branch", align: "right" },
        { title: "status" },
      ],
      tips.map(({ height, hash, branchlen, status }) => [height, hash, branchlen, status]),
    ),
  );
  say(`Next: powlab chain block ${tips[0]?.hash ?? 0}`);
}
