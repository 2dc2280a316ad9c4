/** The levers of a lab on regtest that move its chain: blocks, coins from a faucet, reorganisations. */

import { setTimeout as pause } from "node:timers/promises";
import type {
  BlocksJson,
  BlocksOrderJson,
  FaucetJson,
  FaucetOrderJson,
  RegtestReorgJson,
  ReorgOrderJson,
} from "../../contract/regtest.ts";
import type { LabFacts } from "../../contract/timeline.ts";
import { describeAddressProblem } from "../../primitives/address.ts";
import { type Block, decodeBlock, hashOfBlock } from "../../primitives/block.ts";
import type { BlockHash, Satoshi, Txid } from "../../primitives/brand.ts";
import { bytesToHex, hexToBytes } from "../../primitives/bytes.ts";
import { messageOf } from "../../primitives/error-message.ts";
import { counted } from "../../primitives/figures.ts";
import { encodeTransaction, txidOf } from "../../primitives/transaction.ts";
import type { NodeWallet } from "../money/node-wallet.ts";
import { makeOrderedPayment, type Wallets } from "../money/payer.ts";
import { LeverError } from "../nodes/lever-error.ts";
import type { LeverQueue } from "../nodes/lever-queue.ts";
import type { Links } from "../nodes/links.ts";
import type { Member } from "../nodes/member.ts";
import type { Members } from "../nodes/members.ts";
import { decoded } from "../nodes/trusted-data.ts";
import type { NetworkObserver } from "../timeline/network-observer.ts";
import { branchInsteadOf, type BranchWish } from "./branch.ts";
import { conflictWith } from "./conflict.ts";

export const faucetName = "faucet";
/** Satoshis a virtual byte. */
const feeRate = 2;
/** How long others may take for what one node has: on a busy machine blocks come late. */
const spreadMsMax = 10_000;
const lookIntervalMs = 10;

export type ChainLeversParts = {
  readonly members: Members;
  readonly links: Links;
  readonly observer: NetworkObserver;
  /** Of the nodes. */
  readonly wallets: Wallets;
  readonly faucet: NodeWallet;
  readonly queue: LeverQueue;
  readonly record: (facts: LabFacts) => void;
};

/** Each resolves when all nodes that can have the result have it. */
export class ChainLevers {
  readonly #parts: ChainLeversParts;

  constructor(parts: ChainLeversParts) {
    this.#parts = parts;
  }

  /** @throws LeverError if there is no such node, or no such address here. */
  mineBlocks({ count, to, node }: BlocksOrderJson): Promise<BlocksJson> {
    const payTo = to === undefined ? this.#parts.faucet.key.script : this.#scriptOf(to);
    return this.#parts.queue.run(async () => {
      const member = this.#memberNamed(node);
      const hashes = await this.#mine(member, count, payTo);
      return { node: member.name, hashes, height: (await member.status()).height };
    });
  }

  /** A miner's own block, which pays its node. */
  mineOwn(name: string): Promise<unknown> {
    const { members, wallets, queue } = this.#parts;
    return queue.run(async () => {
      const member = members.upNamed(name);
      if (member !== undefined) await this.#mine(member, 1, wallets.walletOf(name).key.script);
    });
  }

  /** @throws LeverError if the faucet has too few coins, or the address is not of this network. */
  faucet({ address, value, confirm = false, node }: FaucetOrderJson): Promise<FaucetJson> {
    return this.#parts.queue.run(async () => {
      const { faucet, record } = this.#parts;
      const member = this.#memberNamed(node);
      const order = { from: faucetName, to: address, value, feeRate };
      const paid = await makeOrderedPayment(this.#walletsWithFaucet(member), order);
      record({ type: "payment", ...paid, via: member.name });
      const { txid } = paid;
      const fee = paid.fee as Satoshi; // contracts of events have plain numbers
      if (!confirm) {
        await this.#untilKnown(txid, member.name);
        return { txid, fee, block: null };
      }
      const [block] = await this.#mine(member, 1, faucet.key.script);
      return { txid, fee, block: block ?? null };
    });
  }

  /**
   * A node makes a branch that is one block longer than what it replaces; all others adopt it as
   * they adopt any other.
   *
   * @throws LeverError if the chain is too short for it, or no such transaction is there.
   */
  reorganise(order: ReorgOrderJson): Promise<RegtestReorgJson> {
    return this.#parts.queue.run(async () => {
      const member = this.#memberNamed(order.node);
      const old = await this.#blocksToLeave(member, order.depth);
      const [lowest] = old;
      if (lowest === undefined)
        throw new Error("a reorganisation leaves at least one block behind");
      const wish = await this.#wishOf(order, member);
      const { blocks, lost } = branchInsteadOf(old, wish);
      this.#checkWish(wish, lost, order.depth);
      const contents = blocks.map((each) =>
        each.map((transaction) => bytesToHex(encodeTransaction(transaction))),
      );
      const fork = lowest.header.previous;
      const forth = await this.#makeBranch(member, order.depth + 1, { on: fork, contents });
      const { height } = await member.status();
      return {
        node: member.name,
        forkHeight: height - forth.length,
        fork,
        back: old.map(hashOfBlock),
        forth,
        conflict: wish.type === "double-spend" ? txidOf(wish.conflict) : null,
      };
    });
  }

  async #makeBranch(
    member: Member,
    count: number,
    branch: { readonly on: BlockHash; readonly contents: readonly (readonly string[])[] },
  ): Promise<readonly BlockHash[]> {
    const payTo = bytesToHex(this.#parts.faucet.key.script);
    try {
      const hashes = await member.makeBlocks({ count, payTo, branch });
      await this.#untilTip(member.name, hashes.at(-1));
      return hashes;
    } catch (error) {
      throw new LeverError(
        `The branch cannot be made, and the chain is as before: ${messageOf(error)}.`,
      );
    }
  }

  async #blocksToLeave(member: Member, depth: number): Promise<readonly Block[]> {
    const { height } = await member.status();
    if (depth > height) {
      throw new LeverError(
        `The chain of ${member.name} has ${counted(height, "block")} above genesis: ` +
          `a reorganisation of depth ${depth} is too deep.`,
      );
    }
    const hexes = await member.activeBlocks(height - depth);
    return hexes.map((hex) => decoded(decodeBlock(decoded(hexToBytes(hex)))));
  }

  async #wishOf({ drop, doubleSpend, empty }: ReorgOrderJson, member: Member): Promise<BranchWish> {
    if (empty === true) return { type: "empty" };
    if (drop !== undefined) return { type: "drop", txid: drop as Txid };
    if (doubleSpend === undefined) return { type: "same" };
    const { wallets, faucet } = this.#parts;
    const owners = [faucet, ...wallets.names.map((name) => wallets.walletOf(name))];
    const txid = doubleSpend as Txid;
    const conflict = await conflictWith(txid, owners, wallets.clientOf(member.name));
    return { type: "double-spend", txid, conflict };
  }

  #checkWish(wish: BranchWish, lost: ReadonlySet<Txid>, depth: number): void {
    if (wish.type === "drop" && !lost.has(wish.txid)) {
      throw new LeverError(
        `The transaction ${wish.txid} is in none of the last ${counted(depth, "block")}.`,
      );
    }
    if (wish.type !== "double-spend") return;
    if (wish.conflict.inputs.some(({ previous }) => lost.has(previous.txid))) {
      throw new LeverError(
        `A coin of the transaction ${wish.txid} came in one of the last ${counted(depth, "block")} ` +
          "and is not on the new branch: choose a smaller depth.",
      );
    }
  }

  async #mine(member: Member, count: number, payTo: Uint8Array): Promise<readonly BlockHash[]> {
    const hashes = await member.makeBlocks({ count, payTo: bytesToHex(payTo) });
    await this.#untilTip(member.name, hashes.at(-1));
    return hashes;
  }

  /** @throws LeverError if it is not up, or there is no such node. */
  #memberNamed(name: string | undefined): Member {
    const { members } = this.#parts;
    const chosen = name ?? members.up[0]?.name;
    if (chosen === undefined) throw new LeverError("All nodes are down; restart one first.");
    members.requireUp([chosen]);
    return members.memberOf(chosen);
  }

  #scriptOf(address: string): Uint8Array {
    const script = this.#parts.faucet.scriptOf(address);
    if (script.ok) return script.value;
    throw new LeverError(describeAddressProblem(address, script.problem));
  }

  /** The faucet has no node: it pays at that of another. */
  #walletsWithFaucet({ name: via }: Member): Wallets {
    const { wallets, faucet } = this.#parts;
    return {
      names: wallets.names,
      walletOf: (name) => (name === faucetName ? faucet : wallets.walletOf(name)),
      clientOf: (name) => wallets.clientOf(name === faucetName ? via : name),
    };
  }

  /** Of branches with equal work each may stay: then there is nothing to wait for. */
  async untilHealed(): Promise<void> {
    const { observer, members } = this.#parts;
    const tips = members.up.flatMap(({ name }) => {
      const tip = observer.tipOf(name);
      return tip === undefined ? [] : [{ name, ...tip }];
    });
    const heightMax = Math.max(...tips.map(({ height }) => height));
    const best = tips.filter(({ height }) => height === heightMax);
    const [first] = best;
    if (first === undefined || best.some(({ hash }) => hash !== first.hash)) return;
    await this.#untilTip(first.name, first.hash);
  }

  /** Those that this node reaches: what is cut off gets it after the network is healed. */
  #untilTip(from: string, tip: BlockHash | undefined): Promise<void> {
    const { observer, links } = this.#parts;
    const names = links.reachableFrom(from);
    return until(async () => names.every((name) => observer.tipOf(name)?.hash === tip));
  }

  #untilKnown(txid: Txid, from: string): Promise<void> {
    const { links, wallets } = this.#parts;
    return until(async () => {
      const asked = links.reachableFrom(from).map((name) => {
        return wallets
          .clientOf(name)
          .transaction(txid)
          .then(
            () => true,
            () => false,
          );
      });
      return (await Promise.all(asked)).every(Boolean);
    });
  }
}

/** Who is late has it later: the lever has done its work all the same. */
async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + spreadMsMax;
  while (!(await isDone()) && performance.now() < deadlineMs) await pause(lookIntervalMs);
}
