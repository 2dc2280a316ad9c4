/**
 * The links of a world: which nodes are linked, and which links are open now. They do not interpret
 * messages.
 */

import type { PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Clock } from "./clock.ts";
import {
  type Carried,
  defaultConditions,
  type Impairment,
  Link,
  type LinkConditions,
} from "./link.ts";

/** Links that are cut together, until they are mended together. */
export type Cut = {
  readonly links: readonly Link[];
  /** They stay open, and nothing arrives that one end sends. */
  readonly silence?: Impairment;
};

/** The user of the links: it is notified of each that opens or closes. */
export interface LinkUser {
  opened(link: Link): void;
  closed(link: Link): void;
}

/** How long it takes until a link that one end closed is opened again. */
const reopenMs = 1_000;

export class Links {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #user: LinkUser;
  readonly #links: Link[] = [];
  readonly #linksOf = new Map<PeerId, Link[]>();
  readonly #linksBetween = new Map<PeerId, Map<PeerId, Link>>();
  readonly #present = new Set<PeerId>();
  readonly #cuts = new Set<Cut>();
  readonly #closedUntilMs = new Map<Link, number>();

  constructor(clock: Clock, random: Random, user: LinkUser) {
    this.#clock = clock;
    this.#random = random;
    this.#user = user;
  }

  get all(): readonly Link[] {
    return this.#links;
  }

  /** What all links together were given so far. */
  get carried(): Carried {
    return this.#links.reduce(
      ({ messages, bytes }, { carried }) => ({
        messages: messages + carried.messages,
        bytes: bytes + carried.bytes,
      }),
      { messages: 0, bytes: 0 },
    );
  }

  around(name: PeerId): readonly Link[] {
    return this.#linksOf.get(name) ?? [];
  }

  between(a: PeerId, b: PeerId): Link | undefined {
    return this.#linksBetween.get(a)?.get(b);
  }

  /** Makes a link between two nodes, which opens as soon as both are there. */
  connect(a: PeerId, b: PeerId, conditions: LinkConditions = defaultConditions): Link {
    if (a === b || this.between(a, b)) throw new Error(`${a} and ${b} cannot be linked`);
    const link = new Link([a, b], conditions, this.#clock, this.#random.fork(`${a}-${b}`));
    this.#links.push(link);
    for (const end of link.ends) {
      this.#linksOf.set(end, [...this.around(end), link]);
      const others = this.#linksBetween.get(end) ?? new Map<PeerId, Link>();
      this.#linksBetween.set(end, others.set(link.otherEnd(end), link));
    }
    this.#refresh(link);
    return link;
  }

  /** A node has started: its links open. */
  arrive(name: PeerId): void {
    this.#present.add(name);
    for (const link of this.around(name)) this.#refresh(link);
  }

  /** A node has stopped: its links close. */
  leave(name: PeerId): void {
    this.#present.delete(name);
    for (const link of this.around(name)) this.#refresh(link);
  }

  /**
   * Cuts every link between nodes of different groups; the nodes in none of them are one more
   * group.
   */
  split(groups: readonly (readonly PeerId[])[]): Cut {
    const groupOf = (end: PeerId) => groups.findIndex((group) => group.includes(end));
    return this.cut(this.#links.filter(({ ends: [a, b] }) => groupOf(a) !== groupOf(b)));
  }

  /** Closes links; each opens again when every cut that it is part of is mended. */
  cut(links: readonly Link[]): Cut {
    return this.#begin({ links });
  }

  /** Nothing that `from` sends to `to` arrives; the other direction works, and the link stays open. */
  cutOneWay(from: PeerId, to: PeerId): Cut {
    const link = this.between(from, to);
    return this.#begin({ links: link ? [link] : [], silence: { silenced: [from] } });
  }

  mend(cut: Cut): void {
    if (!this.#cuts.delete(cut)) return;
    const { links, silence } = cut;
    for (const link of links) {
      if (silence) link.lift(silence);
      this.#refresh(link);
    }
  }

  /** Mends every cut. */
  heal(): void {
    const cuts = [...this.#cuts];
    for (const { links, silence } of cuts) {
      if (silence) for (const link of links) link.lift(silence);
    }
    this.#cuts.clear();
    for (const link of this.#links) this.#refresh(link);
  }

  /** One end disconnects from the other. @param banMs how long at least. */
  hangUp(name: PeerId, peer: PeerId, banMs: number): void {
    const link = this.between(name, peer);
    if (link === undefined) return;
    const waitMs = Math.max(banMs, reopenMs);
    this.#closedUntilMs.set(link, this.#clock.elapsedMs + waitMs);
    this.#refresh(link);
    this.#clock.after(waitMs, () => this.#refresh(link));
  }

  #begin(cut: Cut): Cut {
    this.#cuts.add(cut);
    for (const link of cut.links) {
      if (cut.silence) link.impair(cut.silence);
      this.#refresh(link);
    }
    return cut;
  }

  /** Opens a link that nothing keeps closed, or closes it, and tells its user. */
  #refresh(link: Link): void {
    const isWanted =
      !this.#isCut(link) &&
      link.ends.every((end) => this.#present.has(end)) &&
      this.#clock.elapsedMs >= (this.#closedUntilMs.get(link) ?? 0);
    if (isWanted === link.isOpen) return;
    if (isWanted) {
      link.open();
      link.whileOpen(link.conditions.latencyMinMs, () => this.#user.opened(link));
      return;
    }
    link.close();
    this.#clock.after(0, () => this.#user.closed(link));
  }

  #isCut(link: Link): boolean {
    for (const { links, silence } of this.#cuts) if (!silence && links.includes(link)) return true;
    return false;
  }
}
