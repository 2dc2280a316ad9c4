/**
 * Actors that send each other messages, as Stateright models them: a message that changes nothing
 * is not a move and stays under way.
 *
 * Global states are numbers of parts (`numbering.ts`): what an actor does with a message is
 * computed once for each of its local states.
 *
 * @see Stateright, src/actor/model.rs
 */

import type { Model, StatePromise, Visit } from "../engine/model.ts";
import { Numbering, PairMemory } from "../engine/numbering.ts";
import { type Post, type PostKind, PostOffice } from "../engine/post.ts";

export type Sent<M> = { readonly to: number; readonly message: M };

/** What an actor does. */
export type Reaction<L, M> = { readonly local: L; readonly sends: readonly Sent<M>[] };

export type Actor<L, M> = {
  readonly start: () => Reaction<L, M>;
  /** Undefined if the message means nothing to it now. */
  readonly receive: (local: L, from: number, message: M) => Reaction<L, M> | undefined;
};

export type Envelope<M> = { readonly from: number; readonly to: number; readonly message: M };

/** Parts by their numbers. */
export type State = {
  readonly locals: readonly number[];
  readonly history: number;
  readonly post: Post;
};

export type ActorSystem<L, M, H> = {
  readonly actors: readonly Actor<L, M>[];
  readonly post: PostKind;
  readonly history: H;
  /** The history when a message was received, or when one was sent; mostly the same. */
  readonly received: (history: H, envelope: Envelope<M>) => H;
  readonly sent: (history: H, envelope: Envelope<M>) => H;
  readonly promises: readonly StatePromise<H>[];
  /** What must be under way in some state. */
  readonly goals: readonly { readonly name: string; readonly holds: (message: M) => boolean }[];
  readonly describe: (envelope: Envelope<M>) => string;
};

type Known = {
  readonly local: number;
  /** Numbers of envelopes. */
  readonly sends: readonly number[];
  /** The number of what the history is to take notice of: `[received, ...sent]`. */
  readonly notice: number;
  readonly label: string;
};

export function actorModel<L, M, H>(system: ActorSystem<L, M, H>): Model<State> {
  return new Actors(system).model();
}

class Actors<L, M, H> {
  readonly #system: ActorSystem<L, M, H>;
  readonly #locals = new Numbering<L>();
  readonly #envelopes = new Numbering<Envelope<M>>();
  readonly #histories = new Numbering<H>();
  readonly #notices = new Numbering<readonly number[]>();
  readonly #reactions = new PairMemory<Known | undefined>();
  readonly #noticed = new PairMemory<number>();
  readonly #office: PostOffice;

  constructor(system: ActorSystem<L, M, H>) {
    this.#system = system;
    this.#office = new PostOffice(system.post, (number) => {
      const { from, to } = this.#envelopes.valueOf(number);
      return from * system.actors.length + to;
    });
  }

  model(): Model<State> {
    const { promises, goals } = this.#system;
    return {
      initial: () => [this.#initial()],
      moves: (state, visit) => this.#moves(state, visit),
      encode: ({ locals, history, post }, words) => {
        for (let i = 0; i < locals.length; i++) words.push(locals[i] as number);
        words.push(history);
        for (let i = 0; i < post.length; i++) words.push(post[i] as number);
      },
      promises: promises.map((promise) => {
        const known = new Map<number, boolean>();
        return {
          name: promise.name,
          holds: ({ history }) => {
            const verdict = known.get(history) ?? promise.holds(this.#histories.valueOf(history));
            known.set(history, verdict);
            return verdict;
          },
        };
      }),
      goals: goals.map(({ name, holds }) => ({
        name,
        holds: ({ post }) => post.some((each) => holds(this.#envelopes.valueOf(each).message)),
      })),
      show: ({ locals, history, post }) => ({
        actors: locals.map((each) => this.#locals.valueOf(each)),
        history: this.#histories.valueOf(history),
        post: post.map((each) => this.#envelopes.valueOf(each)),
      }),
    };
  }

  #initial(): State {
    let history = this.#system.history;
    let post: Post = [];
    const locals = this.#system.actors.map(({ start }, from) => {
      const { local, sends } = start();
      for (const { to, message } of sends) {
        const envelope = { from, to, message };
        history = this.#system.sent(history, envelope);
        post = this.#office.send(post, this.#envelopes.numberOf(envelope));
      }
      return this.#locals.numberOf(local);
    });
    return { locals, history: this.#histories.numberOf(history), post };
  }

  #moves({ locals, history, post }: State, visit: Visit<State>): void {
    for (let at = 0; at < post.length; at++) {
      if (!this.#office.canArrive(post, at)) continue;
      const number = post[at] as number;
      const { to } = this.#envelopes.valueOf(number);
      const known = this.#reactionTo(number, locals[to] as number);
      if (known === undefined) continue;
      let next = this.#office.deliver(post, at);
      for (const sent of known.sends) next = this.#office.send(next, sent);
      visit(known.label, {
        locals: known.local === locals[to] ? locals : locals.with(to, known.local),
        history: this.#afterNotice(history, known.notice),
        post: next,
      });
    }
  }

  #reactionTo(number: number, local: number): Known | undefined {
    return this.#reactions.get(number, local, () => {
      const envelope = this.#envelopes.valueOf(number);
      const { from, to, message } = envelope;
      const reaction = this.#system.actors[to]?.receive(this.#locals.valueOf(local), from, message);
      if (reaction === undefined) return undefined;
      const sends = reaction.sends.map((sent) => {
        return this.#envelopes.numberOf({ from: to, to: sent.to, message: sent.message });
      });
      return {
        local: this.#locals.numberOf(reaction.local),
        sends,
        notice: this.#notices.numberOf([number, ...sends]),
        label: this.#system.describe(envelope),
      };
    });
  }

  #afterNotice(history: number, notice: number): number {
    return this.#noticed.get(history, notice, () => {
      const [received = 0, ...sends] = this.#notices.valueOf(notice);
      const { received: whenReceived, sent: whenSent } = this.#system;
      let next = whenReceived(this.#histories.valueOf(history), this.#envelopes.valueOf(received));
      for (const each of sends) next = whenSent(next, this.#envelopes.valueOf(each));
      return this.#histories.numberOf(next);
    });
  }
}
