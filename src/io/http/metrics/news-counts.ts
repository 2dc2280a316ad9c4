/** How often each kind of thing happened to a node since it started. */

import type { BlockOrigin, News } from "../../../node/news.ts";
import { unreachable } from "../../../primitives/verdict.ts";

type RemovalReason = (News & { readonly type: "transaction-removed" })["reason"];

/** Counts by a word; a word that never came has no entry. */
type Counts<Word extends string> = ReadonlyMap<Word, number>;

export class NewsCounts {
  readonly #accepted = new Map<BlockOrigin, number>();
  readonly #rejected = new Map<string, number>();
  readonly #removed = new Map<RemovalReason, number>();
  #reorganisations = 0;
  #blocksLeft = 0;
  #admitted = 0;
  #joined = 0;
  #left = 0;
  #banned = 0;

  add(news: News): void {
    switch (news.type) {
      case "block-accepted":
        return increase(this.#accepted, news.origin);
      case "block-rejected":
        return increase(this.#rejected, news.problem.rule);
      case "transaction-removed":
        return increase(this.#removed, news.reason);
      case "transaction-admitted":
        this.#admitted += 1;
        return;
      case "reorganised":
        this.#reorganisations += 1;
        this.#blocksLeft += news.back.length;
        return;
      case "peer-ready":
        this.#joined += 1;
        return;
      case "peer-left":
        this.#left += 1;
        return;
      case "peer-banned":
        this.#banned += 1;
        return;
      case "tip-extended":
      case "miners-rest":
      case "miners-resume":
      case "clock-disagrees":
        return; // of these a gauge tells more than a count
      default:
        return unreachable(news);
    }
  }

  get blocksAccepted(): Counts<BlockOrigin> {
    return this.#accepted;
  }

  /** By the rule that was broken. */
  get blocksRejected(): Counts<string> {
    return this.#rejected;
  }

  get transactionsRemoved(): Counts<RemovalReason> {
    return this.#removed;
  }

  get transactionsAdmitted(): number {
    return this.#admitted;
  }

  get reorganisations(): number {
    return this.#reorganisations;
  }

  /** Blocks that reorganisations left behind. */
  get blocksLeft(): number {
    return this.#blocksLeft;
  }

  get peersJoined(): number {
    return this.#joined;
  }

  get peersLeft(): number {
    return this.#left;
  }

  get peersBanned(): number {
    return this.#banned;
  }
}

function increase<Word>(counts: Map<Word, number>, word: Word): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
