/** Raft's five promises (paper, Figure 3), checked after every step of a process. */

import type { PeerId } from "../../../src/primitives/brand.ts";
import { entriesOf, entryAt } from "../../../src/protocols/raft/log.ts";
import type { RaftNews } from "../../../src/protocols/raft/news.ts";
import type { RaftState } from "../../../src/protocols/raft/state.ts";

export type BrokenPromise =
  | "election-safety"
  | "leader-append-only"
  | "log-matching"
  | "leader-completeness"
  | "state-machine-safety";

type Cell = { readonly term: number; readonly command: string };

export class Invariants {
  readonly broken = new Set<BrokenPromise>();
  readonly #leaders = new Map<number, PeerId>();
  readonly #states = new Map<PeerId, RaftState>();
  /** For each entry that ever stood in a log, by index and term, the term of the one before. */
  readonly #entries = new Map<string, string>();
  readonly #committed = new Map<number, Cell>();
  readonly #applied = new Map<number, string>();
  readonly #appliedUpTo = new Map<PeerId, number>();
  readonly #copies = new Map<number, string>();

  restarted(name: PeerId): void {
    this.#states.delete(name);
    this.#appliedUpTo.delete(name);
  }

  check(name: PeerId, state: RaftState, news: readonly RaftNews[]): void {
    const before = this.#states.get(name);
    this.#states.set(name, state);
    if (before?.log !== state.log) {
      this.#checkAppendOnly(before, state);
      this.#checkMatching(state);
    }
    for (const piece of news) this.#checkNews(name, state, piece);
    if (state.role === "leader" && (before?.role !== "leader" || before.term !== state.term)) {
      const other = this.#leaders.get(state.term);
      if (other !== undefined && other !== name) this.broken.add("election-safety");
      this.#leaders.set(state.term, name);
      this.#checkCompleteness(state);
    }
    this.#checkCopies(state);
  }

  #checkAppendOnly(before: RaftState | undefined, state: RaftState): void {
    if (before?.role !== "leader" || state.role !== "leader" || before.term !== state.term) return;
    for (let index = state.log.base.index + 1; index <= before.log.last.index; index++) {
      const old = entryAt(before.log, index);
      if (old === undefined || old === entryAt(state.log, index)) continue;
      this.broken.add("leader-append-only");
    }
  }

  /** Two logs with an entry of the same index and term are equal up to it. */
  #checkMatching({ log }: RaftState): void {
    let previousTerm = log.base.term;
    for (const [at, { era, command }] of entriesOf(log).entries()) {
      const index = log.base.index + 1 + at;
      const key = `${index}/${era}`;
      const content = `${previousTerm} ${command}`;
      const known = this.#entries.get(key);
      if (known !== undefined && known !== content) this.broken.add("log-matching");
      this.#entries.set(key, content);
      previousTerm = era;
    }
  }

  #checkNews(name: PeerId, state: RaftState, news: RaftNews): void {
    if (news.type === "committed") {
      for (let index = news.index; index > state.log.base.index; index--) {
        const entry = entryAt(state.log, index);
        if (entry === undefined) continue;
        const cell = { term: entry.era, command: entry.command };
        const known = this.#committed.get(index);
        if (known === undefined) this.#committed.set(index, cell);
        else if (known.term !== cell.term) this.broken.add("leader-completeness");
      }
    }
    if (news.type === "snapshot-installed") this.#appliedUpTo.set(name, news.index);
    if (news.type !== "applied") return;
    const { index, command } = news;
    const last = this.#appliedUpTo.get(name) ?? state.snapshot.index;
    if (this.#appliedUpTo.has(name) && index !== last + 1) this.broken.add("state-machine-safety");
    this.#appliedUpTo.set(name, index);
    const known = this.#applied.get(index);
    if (known !== undefined && known !== command) this.broken.add("state-machine-safety");
    this.#applied.set(index, command);
  }

  /** What was committed before is in the log of each later leader. */
  #checkCompleteness({ log, term }: RaftState): void {
    for (const [index, cell] of this.#committed) {
      if (index <= log.base.index || cell.term > term) continue;
      if (entryAt(log, index)?.era !== cell.term) this.broken.add("leader-completeness");
    }
  }

  /** Processes that have applied equally much have equal copies. */
  #checkCopies({ applied, data }: RaftState): void {
    const sorted = Object.entries(data.values).sort(([a], [b]) => (a < b ? -1 : 1));
    const copy = JSON.stringify(sorted);
    const known = this.#copies.get(applied);
    if (known !== undefined && known !== copy) this.broken.add("state-machine-safety");
    this.#copies.set(applied, copy);
  }
}
