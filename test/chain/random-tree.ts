/** Random block trees with real spends, and some blocks that break a rule. */

import fc from "fast-check";
import type { Ancestor } from "../../src/consensus/ancestor.ts";
import type { Params } from "../../src/consensus/params.ts";
import type { Block } from "../../src/primitives/block.ts";
import type { Txid } from "../../src/primitives/brand.ts";
import {
  isCoinbase,
  type OutPoint,
  outPointName,
  type Transaction,
  txidOf,
} from "../../src/primitives/transaction.ts";
import { blankPayment, keyOf, output } from "../builders.ts";
import { childOf, coinNamed } from "../consensus/samples.ts";
import { grow, rootOf, type Seed } from "./forest.ts";
import { applyBlock, type PlainCoins } from "./replay.ts";

const seedlings = [
  "plain",
  "pays",
  "pays-on",
  "pays-again",
  "overclaims",
  "spends-twice",
  "spends-nothing",
  "overspends",
  "spends-unripe",
  "wrong-height",
] as const;

/** What a block is to be; the rest follows from the branch it grows on. */
export type Plan = {
  readonly kind: (typeof seedlings)[number];
  /** Which block it grows on, counted from the newest. */
  readonly back: number;
  /** Which coins and payments it takes. */
  readonly pick: number;
};

export const plan: fc.Arbitrary<Plan> = fc.record({
  kind: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom<Plan["kind"]>("plain") },
    { weight: 8, arbitrary: fc.constantFrom<Plan["kind"]>("pays", "pays-on", "pays-again") },
    { weight: 3, arbitrary: fc.constantFrom(...seedlings) },
  ),
  back: fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 3, 4, 6),
  pick: fc.nat(1000),
});

export type RandomBlock = {
  readonly block: Block;
  /** The same block with another witness; it must have a payment. */
  readonly changed: Block | undefined;
  readonly place: Ancestor;
  /** The blocks below it, the lowest first, without genesis and itself. */
  readonly path: readonly Block[];
};

const fee = 100;
const owners = ["alice", "bob", "carol"];

/** Grows the blocks of a plan, parents before children. */
export function growTree(plans: readonly Plan[], params: Params): RandomBlock[] {
  const grown: RandomBlock[] = [];
  const pool: Transaction[] = [];
  for (const [position, { kind, back, pick }] of plans.entries()) {
    const parent = grown[grown.length - 1 - back];
    const place = parent?.place ?? rootOf(params);
    const path = parent ? [...parent.path, parent.block] : [];
    const height = place.height + 1;
    const branch = new Branch(path, height, params, pick);
    const seed = seedOf(kind, branch, pool);
    pool.push(...(seed.payments ?? []));
    const payTo = keyOf(owners[pick % owners.length]!).script;
    const block = grow(place, params, { ...seed, payTo, tag: `${position}` });
    const changed = changeWitness(block);
    grown.push({ block, changed, path, place: childOf(place, height, block.header) });
  }
  return grown;
}

function seedOf(kind: Plan["kind"], branch: Branch, pool: readonly Transaction[]): Seed {
  const [coin, other] = branch.ripe;
  switch (kind) {
    case "plain":
      return {};
    case "pays":
      return branch.seed([coin, other].map((each) => each && branch.pay([each])));
    case "pays-on": {
      const first = coin && branch.pay([coin]);
      const second = first && branch.pay([branch.outputOf(first)]);
      return branch.seed([first, second, other && branch.pay([other])]);
    }
    case "pays-again":
      return branch.seed([pool.find((payment) => branch.canSpend(payment))]);
    case "overclaims":
      return { ...branch.seed([coin && branch.pay([coin])]), fees: coin ? fee : 0, excess: 1 };
    case "spends-twice":
      return branch.seed([coin && branch.pay([coin]), coin && branch.pay([coin], 2 * fee)]);
    case "spends-nothing":
      return { payments: [pool.find((payment) => !branch.canSpend(payment)) ?? fromNowhere()] };
    case "overspends":
      return branch.seed([coin && branch.pay([coin], -1)]);
    case "spends-unripe":
      return branch.seed([branch.unripe && branch.pay([branch.unripe])]);
    case "wrong-height":
      return { height: branch.height + 1 };
  }
}

type NamedCoin = { readonly point: OutPoint; readonly value: number };

/** What is there to spend where a block grows. */
class Branch {
  readonly height: number;
  readonly #coins: PlainCoins = new Map();
  readonly #params: Params;
  readonly #pick: number;

  constructor(path: readonly Block[], height: number, params: Params, pick: number) {
    this.height = height;
    this.#params = params;
    this.#pick = pick;
    for (const [below, block] of path.entries()) applyBlock(block, below + 1, this.#coins);
  }

  /** Coins that may be spent, beginning anywhere. */
  get ripe(): NamedCoin[] {
    const ripe = this.#named((isRipe) => isRipe);
    const first = ripe.length === 0 ? 0 : this.#pick % ripe.length;
    return [...ripe.slice(first), ...ripe.slice(0, first)];
  }

  get unripe(): NamedCoin | undefined {
    return this.#named((isRipe) => !isRipe)[0];
  }

  canSpend(payment: Transaction): boolean {
    return payment.inputs.every(({ previous }) => this.#coins.has(outPointName(previous)));
  }

  outputOf(payment: Transaction): NamedCoin {
    const index = this.#pick % payment.outputs.length;
    const point = { txid: txidOf(payment), index };
    return { point, value: payment.outputs[index]!.value };
  }

  /** Pays in two parts; what is left may be less than nothing. */
  pay(from: readonly NamedCoin[], left = fee): Transaction {
    const total = from.reduce((sum, { value }) => sum + value, 0) - left;
    const part = Math.floor(total / 3);
    const [one, two] = [owners[this.#pick % 3]!, owners[(this.#pick + 1) % 3]!];
    const to = [output(part, keyOf(one).script), output(total - part, keyOf(two).script)];
    const spendables = from.map(({ point, value }) => {
      return { point, output: output(value, keyOf(one).script), key: keyOf(one) };
    });
    return blankPayment({ from: spendables, to });
  }

  /** A block with those of the payments that could be made. */
  seed(payments: readonly (Transaction | undefined)[]): Seed {
    return { payments: payments.filter((payment) => payment !== undefined) };
  }

  #named(isWanted: (isRipe: boolean) => boolean): NamedCoin[] {
    return [...this.#coins].flatMap(([name, { value, height, isCoinbase }]) => {
      const isRipe = !isCoinbase || this.height >= height + this.#params.coinbaseMaturity;
      const [txid, index] = name.split(":");
      const point = { txid: txid as Txid, index: Number(index) };
      return isWanted(isRipe) && value > 1000 ? [{ point, value }] : [];
    });
  }
}

/** A payment of a coin that never was. */
function fromNowhere(): Transaction {
  const { script } = keyOf("nobody");
  const from = { point: coinNamed(0), output: output(5000, script), key: keyOf("nobody") };
  return blankPayment({ from: [from], to: [output(4000, script)] });
}

function changeWitness({ header, transactions }: Block): Block | undefined {
  const last = transactions.at(-1)!;
  if (isCoinbase(last)) return undefined;
  const witness = [new Uint8Array(64).fill(1)];
  const inputs = last.inputs.map((input) => ({ ...input, witness }));
  return { header, transactions: [...transactions.slice(0, -1), { ...last, inputs }] };
}
