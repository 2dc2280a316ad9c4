/** The nodes of a lab: which belong to it, which have started, and which are up. */

import { LeverError } from "./lever-error.ts";
import type { LinkEnds } from "./links.ts";
import type { Member } from "./member.ts";

export class Members implements LinkEnds {
  /** All that belong to the lab, also those that have not started yet. */
  readonly names: readonly string[];
  /** All that ever started; of a node that started again, the latest. */
  readonly #members = new Map<string, Member>();
  readonly #down = new Set<string>();

  constructor(names: readonly string[]) {
    this.names = names;
  }

  /** Those that are up. */
  get up(): readonly Member[] {
    return [...this.#members.values()].filter(({ name }) => this.isUp(name));
  }

  isUp(name: string): boolean {
    return this.#members.has(name) && !this.#down.has(name);
  }

  /** Undefined if it is not up, or no node of this lab. */
  upNamed(name: string): Member | undefined {
    return this.isUp(name) ? this.#members.get(name) : undefined;
  }

  /**
   * A node, whether it is up or down.
   *
   * @throws LeverError if there is no such node, or it is not ready yet.
   */
  memberOf(name: string): Member {
    const member = this.#members.get(name);
    if (member !== undefined) return member;
    throw new LeverError(
      this.names.includes(name)
        ? `${name} is not ready yet; try again in a moment.`
        : `There is no node ${name} here; the nodes are ${this.names.join(", ")}.`,
    );
  }

  /** @throws LeverError if one of these is not up. */
  requireUp(names: readonly string[]): void {
    for (const name of names) {
      this.memberOf(name);
      if (!this.isUp(name)) throw new LeverError(`${name} is down; restart it first.`);
    }
  }

  /** Adds a new node, or one that has started again. */
  add(member: Member): void {
    this.#members.set(member.name, member);
    this.#down.delete(member.name);
  }

  /** From now on it counts as down. */
  markDown({ name }: Member): void {
    this.#down.add(name);
  }

  /** Asks those of them that are up; the error of one that goes down meanwhile is ignored. */
  async ask(names: readonly string[], act: (member: Member) => Promise<void>): Promise<void> {
    const members = this.up.filter(({ name }) => names.includes(name));
    await Promise.all(
      members.map((member) =>
        act(member).catch((error: unknown) => {
          if (this.upNamed(member.name) === member) throw error;
        }),
      ),
    );
  }
}
