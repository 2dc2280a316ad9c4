/** The chain: accepts every block in the same way, and moves the tip all at once or not at all. */

import { checkBlock, placeBlock, type PlacedBlock, placeTemplate } from "../consensus/block.ts";
import type { Coin } from "../consensus/coin.ts";
import { checkHeaderInContext } from "../consensus/header.ts";
import type { LockContext } from "../consensus/locks.ts";
import type { Params } from "../consensus/params.ts";
import { blameOf, type BlockProblem } from "../consensus/problem.ts";
import type { Store, Write } from "../machine/store.ts";
import { type Block, hashOfBlock, measuresOfBlock } from "../primitives/block.ts";
import type { BlockHash, Milliseconds } from "../primitives/brand.ts";
import { blockHash, type Header } from "../primitives/header.ts";
import type { SignatureVerifier } from "../primitives/signature.ts";
import type { OutPoint } from "../primitives/transaction.ts";
import { broken, valid, type Verdict } from "../primitives/verdict.ts";
import type { BranchBlock, TipChange } from "./change.ts";
import { CoinLayer, type CoinView, storedCoins } from "./coins.ts";
import type { BranchCompanion } from "./companion.ts";
import { connectBlock, disconnectBlock } from "./connect.ts";
import { bestOf, isBetter } from "./fork-choice.ts";
import { checkHeaders, type HeadersProblem } from "./headers.ts";
import { problemOfChild, problemOfInvalid } from "./invalid.ts";
import { HeaderLog } from "./log.ts";
import { getWhole, putInPieces } from "./pieces.ts";
import {
  blockKey,
  decodeBlockRecord,
  decodeUndo,
  encodeBlockRecord,
  encodeUndo,
  undoKey,
} from "./records.ts";
import { type Path, Tree, type TreeEntry } from "./tree.ts";

export type ChainOptions = {
  readonly params: Params;
  readonly store: Store;
  readonly verifier: SignatureVerifier;
  /** What follows the tip beside the coins: always the same for one store. */
  readonly companions: readonly BranchCompanion[];
};

/** The result for a block; `batch` is what was committed to the store for it. */
export type Acceptance =
  | {
      readonly status: "tip";
      readonly entry: TreeEntry;
      readonly change: TipChange;
      readonly batch: readonly Write[];
    }
  | { readonly status: "side"; readonly entry: TreeEntry; readonly batch: readonly Write[] }
  | { readonly status: "known"; readonly entry: TreeEntry }
  | { readonly status: "orphan"; readonly parent: BlockHash }
  | {
      readonly status: "rejected";
      readonly problem: BlockProblem;
      readonly batch: readonly Write[];
    };

/** A branch that was verified on a layer of its own, and what writing it takes. */
type VerifiedBranch = {
  readonly tip: TreeEntry;
  readonly change: TipChange;
  readonly batch: readonly Write[];
};
/** What a command about the order or the validity of blocks led to. */
export type Reselection = {
  /** Undefined if the tip stays. Where a branch was invalidated it may move down, with no `forth`. */
  readonly change: TipChange | undefined;
  readonly batch: readonly Write[];
};

type FailedBranch = { readonly entry: TreeEntry; readonly problem: BlockProblem };

/** The search for a better tip: what was found on the way, and where it ended. */
type Move = {
  readonly verified: VerifiedBranch | undefined;
  readonly invalidated: readonly TreeEntry[];
  readonly problems: ReadonlyMap<TreeEntry, BlockProblem>;
};

/** The only writer of its store: each change is committed whole before it is answered. */
export class Chain {
  readonly params: Params;
  readonly tree: Tree;
  readonly #store: Store;
  readonly #verifier: SignatureVerifier;
  readonly #companions: readonly BranchCompanion[];
  readonly #coins: CoinView;
  readonly #log: HeaderLog;
  /** The branch that ends in the tip, by height. */
  readonly #active: TreeEntry[] = [];

  /** @throws WrongChainError if the store holds another network's chain. */
  constructor({ params, store, verifier, companions }: ChainOptions) {
    this.params = params;
    this.#store = store;
    this.#verifier = verifier;
    this.#companions = companions;
    this.tree = new Tree(params);
    this.#coins = storedCoins(store);
    this.#log = new HeaderLog(store, this.tree);
    const tip = this.#log.load();
    this.tree.prefer(tip); // the order in which the bodies of its rivals came is not stored
    this.#activate(tip);
  }

  get tip(): TreeEntry {
    return this.#active.at(-1) as TreeEntry;
  }

  /** The entry at a height of the active branch. */
  entryAt(height: number): TreeEntry | undefined {
    return this.#active[height];
  }

  isActive(entry: TreeEntry): boolean {
    return this.#active[entry.height] === entry;
  }

  /** The body of a block on any branch, if it was kept. */
  blockOf(hash: BlockHash): Block | undefined {
    if (hash === this.params.genesisHash) return this.params.genesis;
    return this.#storedBlock(hash);
  }

  /** The coins that a block spent, in the order of its inputs; undefined if it never was active. */
  spentBy(hash: BlockHash): readonly Coin[] | undefined {
    const record = getWhole(this.#store, undoKey(hash));
    return record && decodeUndo(record);
  }

  coinAt(point: OutPoint): Coin | undefined {
    return this.#coins.get(point);
  }

  /** Where the next block will stand. */
  nextContext(): LockContext {
    return contextAfter(this.tip, (height) => this.#active[height]);
  }

  /** Accepts a block, whether it was mined here, gossiped, synced or submitted. */
  accept(block: Block, now: Milliseconds): Acceptance {
    const hash = hashOfBlock(block);
    const known = this.tree.get(hash);
    if (known?.isInvalid) return rejected(problemOfInvalid(known));
    if (known?.hasBody) return { status: "known", entry: known };

    const checked = checkBlock(block, this.params);
    const parent = this.tree.get(block.header.previous);
    if (parent === undefined) {
      if (!checked.ok) return rejected(checked.problem);
      return { status: "orphan", parent: block.header.previous };
    }
    // Not remembered: children of a block that is refused for ever could come without end.
    if (parent.isInvalid) return rejected(checked.ok ? problemOfChild(parent) : checked.problem);
    if (!checked.ok) return this.#reject(block.header, parent, checked.problem, now);
    const placed = placeBlock(checked.value, parent, this.params, now);
    if (!placed.ok) return this.#reject(block.header, parent, placed.problem, now);
    return this.#keep(placed.value, parent);
  }

  /** What would be wrong with a block after the tip, but for its proof of work; nothing changes. */
  findTemplateProblem(block: Block, now: Milliseconds): BlockProblem | undefined {
    const { tip, params } = this;
    const placed = placeTemplate(block, tip, params, now);
    if (!placed.ok) return placed.problem;
    const layer = new CoinLayer(this.#coins);
    const undo = connectBlock(placed.value, layer, this.nextContext(), params, this.#verifier);
    return undo.ok ? undefined : undo.problem;
  }

  /**
   * Takes headers whose bodies may come later. Nothing is kept unless the last of them has at
   * least that work: headers of little work could come without end.
   *
   * @returns the entry of the last header.
   */
  acceptHeaders(
    headers: readonly Header[],
    now: Milliseconds,
    workMin = this.tip.work,
  ): Verdict<TreeEntry, HeadersProblem> {
    const checked = checkHeaders(headers, this.tree, this.params, now);
    if (!checked.ok) return checked;
    const { root, added } = checked.value;
    const last = added.at(-1);
    if (last === undefined) return valid(root);
    if (last.work < workMin) return broken({ rule: "too-little-work" });
    return valid(this.tree.addBranch(added, root));
  }

  /**
   * Marks a block and what is above it as invalid until it is reconsidered, also after a restart.
   * The tip leaves it for the best branch without it; genesis cannot be left.
   *
   * @see Bitcoin Core, Chainstate::InvalidateBlock
   */
  invalidate(entry: TreeEntry): Reselection {
    if (entry.parent === undefined) return { change: undefined, batch: [] };
    const marked = this.tree.invalidateByCommand(entry);
    const floor = this.isActive(entry) ? entry.parent : this.tip;
    return this.#reselect(floor, marked);
  }

  /**
   * Takes the marks from a block, its ancestors and what is above it. What breaks a rule gets its
   * mark back if the tip would have to move there.
   *
   * @see Bitcoin Core, Chainstate::ResetBlockFailureFlags
   */
  reconsider(entry: TreeEntry): Reselection {
    return this.#reselect(this.tip, this.tree.revalidate(entry));
  }

  /**
   * Treats a block as if it had come before all others of the same work, until the next restart.
   *
   * @see Bitcoin Core, Chainstate::PreciousBlock
   */
  prefer(entry: TreeEntry): Reselection {
    if (entry.work < this.tip.work) return { change: undefined, batch: [] };
    this.tree.prefer(entry);
    return this.#reselect(this.tip, []);
  }

  /**
   * Moves the tip to the best of all branches, once marks or their order have changed.
   *
   * @param floor the best entry of the active branch that is valid.
   */
  #reselect(floor: TreeEntry, changed: readonly TreeEntry[]): Reselection {
    const candidates = this.#betterThan(floor);
    if (floor !== this.tip) candidates.add(floor);
    const { verified, invalidated } = this.#findBestTip(candidates);
    if (verified) this.#activate(verified.tip);
    const records = [...changed, ...invalidated];
    const batch: Write[] = [
      ...(verified?.batch ?? []),
      ...(verified || records.length > 0 ? this.#log.record(records, this.tip) : []),
    ];
    if (batch.length > 0) this.#store.commit(batch);
    return { change: verified?.change, batch };
  }

  /** All linked, valid entries that fork choice puts before this one. */
  #betterThan(floor: TreeEntry): Set<TreeEntry> {
    const found = new Set<TreeEntry>();
    for (const leaf of this.tree.leaves()) {
      let at: TreeEntry | undefined = leaf;
      while (at && at.work >= floor.work && !found.has(at)) {
        if (at.isLinked && !at.isInvalid && isBetter(at, floor)) found.add(at);
        at = at.parent;
      }
    }
    return found;
  }

  /** Marks a block as invalid if its hash is at fault, and not only the body that came with it. */
  #reject(header: Header, parent: TreeEntry, problem: BlockProblem, now: Milliseconds): Acceptance {
    if (blameOf(problem) !== "block") return rejected(problem);
    if (!checkHeaderInContext(header, parent, this.params, now).ok) return rejected(problem);
    const entry = this.tree.get(blockHash(header)) ?? this.tree.add(header, parent);
    const marked = this.tree.invalidate(entry);
    const batch = this.#log.record([entry, ...marked], this.tip);
    this.#store.commit(batch);
    return { status: "rejected", problem, batch };
  }

  /** Stores a placed block, then moves the tip if that leads to more work. */
  #keep(block: PlacedBlock, parent: TreeEntry): Acceptance {
    const hash = hashOfBlock(block);
    const entry = this.tree.get(hash) ?? this.tree.add(block.header, parent);
    const linked = this.tree.addBody(entry, measuresOfBlock(block));
    const candidates = linked.filter((each) => !each.isInvalid && isBetter(each, this.tip));
    const { verified, invalidated, problems } = this.#findBestTip(new Set(candidates), block);
    if (verified) this.#activate(verified.tip);
    const batch: Write[] = [
      ...putInPieces(blockKey(hash), encodeBlockRecord(block)),
      ...(verified?.batch ?? []),
      ...this.#log.record([entry, ...invalidated], this.tip),
    ];
    this.#store.commit(batch);

    if (entry.isInvalid) {
      return { status: "rejected", problem: problems.get(entry) ?? problemOfChild(parent), batch };
    }
    if (!verified) return { status: "side", entry, batch };
    return { status: "tip", entry, change: verified.change, batch };
  }

  /**
   * Tries linked, valid entries, the best first, until one can be connected.
   *
   * @param fresh a block that is not in the store yet.
   */
  #findBestTip(candidates: Set<TreeEntry>, fresh?: PlacedBlock): Move {
    const invalidated: TreeEntry[] = [];
    const problems = new Map<TreeEntry, BlockProblem>();
    for (;;) {
      const target = bestOf(candidates);
      if (target === undefined) return { verified: undefined, invalidated, problems };
      const tried = this.#verify(this.tree.path(this.tip, target), fresh);
      if (tried.ok) return { verified: { tip: target, ...tried.value }, invalidated, problems };
      const { entry, problem } = tried.problem;
      problems.set(entry, problem);
      for (const marked of this.tree.invalidate(entry)) {
        invalidated.push(marked);
        candidates.delete(marked);
      }
    }
  }

  /** Undoes and connects on a layer, so that a problem on the way leaves nothing behind. */
  #verify(path: Path, fresh?: PlacedBlock): Verdict<Omit<VerifiedBranch, "tip">, FailedBranch> {
    const layer = new CoinLayer(this.#coins);
    const followers = this.#companions.map((companion) => companion.follow(this.#store));
    const back: BranchBlock[] = [];
    const forth: BranchBlock[] = [];
    const batch: Write[] = [];
    for (const entry of path.back) {
      const { hash, height } = entry;
      const undo = this.spentBy(hash);
      if (undo === undefined) throw new Error(`the undo record of ${hash} is missing`);
      const block = this.#placedBlock(hash, fresh);
      disconnectBlock(block, undo, layer);
      const place = { hash, height, block };
      for (const follower of followers) follower.disconnect(place, undo);
      back.push(place);
    }
    const entryAt = (height: number): TreeEntry | undefined =>
      height <= path.fork.height ? this.#active[height] : path.forth[height - path.fork.height - 1];
    for (const entry of path.forth) {
      const { hash, height } = entry;
      const block = this.#placedBlock(hash, fresh);
      const context = contextAfter(entry.parent as TreeEntry, entryAt);
      const undo = connectBlock(block, layer, context, this.params, this.#verifier);
      if (!undo.ok) return broken({ entry, problem: undo.problem });
      const place = { hash, height, block };
      for (const follower of followers) follower.connect(place, undo.value);
      batch.push(...putInPieces(undoKey(hash), encodeUndo(undo.value)));
      forth.push(place);
    }
    batch.push(...layer.writes());
    for (const follower of followers) batch.push(...follower.writes());
    return valid({ change: tipChange(back, forth), batch });
  }

  #placedBlock(hash: BlockHash, fresh: PlacedBlock | undefined): PlacedBlock {
    const block = fresh && hash === hashOfBlock(fresh) ? fresh : this.#storedBlock(hash);
    if (block === undefined) throw new Error(`the body of ${hash} is missing`);
    return block;
  }

  #storedBlock(hash: BlockHash): PlacedBlock | undefined {
    const record = getWhole(this.#store, blockKey(hash));
    return record && decodeBlockRecord(record);
  }

  /** Makes `tip` the end of the active branch. */
  #activate(tip: TreeEntry): void {
    const added: TreeEntry[] = [];
    for (let at: TreeEntry | undefined = tip; at && !this.isActive(at); at = at.parent) {
      added.push(at);
    }
    this.#active.length = tip.height + 1 - added.length;
    this.#active.push(...added.reverse());
  }
}

/** @param forth must have been verified: this is where the evidence is made. */
function tipChange(back: readonly BranchBlock[], forth: readonly BranchBlock[]): TipChange {
  return { back, forth } as TipChange;
}

function contextAfter(
  parent: TreeEntry,
  entryAt: (height: number) => TreeEntry | undefined,
): LockContext {
  return {
    height: parent.height + 1,
    medianTime: parent.medianTime,
    medianTimeAt: (height) => {
      const entry = entryAt(height);
      if (entry === undefined) throw new RangeError(`no block at height ${height}`);
      return entry.medianTime;
    },
  };
}

function rejected(problem: BlockProblem): Acceptance {
  return { status: "rejected", problem, batch: [] };
}
