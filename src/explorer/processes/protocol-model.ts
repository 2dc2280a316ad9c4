/**
 * Any protocol as a model: its processes, their disks, the messages under way, and clients.
 *
 * A move is one event of one process with all its effects. A crash loses memory, never the disk;
 * it may come between two events, or before a `persist` of one, when only the effects in front of
 * that were carried out. The process starts again at once: as messages may take any time, this
 * covers being away.
 */

import type { Protocol } from "../../protocols/process/protocol.ts";
import type { Model, Visit } from "../engine/model.ts";
import { Numbering, PairMemory } from "../engine/numbering.ts";
import { type Budget, type Post, type PostKind, PostOffice } from "../engine/post.ts";
import type { Words } from "../engine/words.ts";
import {
  type Clients,
  nextRequest,
  silentClients,
  withAnswer,
  withRequest,
} from "./client-requests.ts";
import { type Consequence, type Outcome, ProcessSteps, type Request } from "./process-steps.ts";
import type { Snapshot, SnapshotPromise } from "./promises.ts";

/** Parts by their numbers. */
export type ProtocolState = {
  readonly locals: readonly number[];
  readonly disks: readonly number[];
  readonly post: Post;
  readonly clients: number;
  /** What is left of it. */
  readonly budget: Budget;
};

export type ProtocolModelOptions = {
  readonly protocol: Protocol;
  readonly nodes: number;
  readonly post: PostKind;
  readonly budget: Budget;
  /** Moves into a later era (term, view, ballot) are left out: else there is no end. */
  readonly eraMax: number;
  /** For each client, in order. */
  readonly requests: readonly (readonly Request[])[];
  readonly promises: readonly SnapshotPromise[];
  readonly goals: readonly SnapshotPromise[];
};

/** A request that a client may make now. */
type Asked = {
  readonly request: Request;
  /** The clients when it is made. */
  readonly clients: number;
  readonly label: string;
};

export function protocolModel(options: ProtocolModelOptions): Model<ProtocolState> {
  return new ProtocolModel(options);
}

class ProtocolModel implements Model<ProtocolState> {
  readonly #options: ProtocolModelOptions;
  readonly #steps: ProcessSteps;
  readonly #office: PostOffice;
  readonly #clients = new Numbering<Clients>();
  readonly #asked = new PairMemory<Asked | undefined>();
  readonly #answered = new PairMemory<number>();
  readonly promises: Model<ProtocolState>["promises"];
  readonly goals: Model<ProtocolState>["goals"];

  constructor(options: ProtocolModelOptions) {
    this.#options = options;
    this.#steps = new ProcessSteps(options.protocol, options.nodes);
    this.#office = new PostOffice(options.post, (number) => {
      const { from, to } = this.#steps.envelope(number);
      return from * options.nodes + to;
    });
    const ofState = ({ name, holds }: SnapshotPromise) => ({
      name,
      holds: (state: ProtocolState) => holds(this.#snapshot(state)),
    });
    this.promises = options.promises.map(ofState);
    this.goals = options.goals.map(ofState);
  }

  initial(): readonly ProtocolState[] {
    const { nodes, budget, requests } = this.#options;
    const clients = this.#clients.numberOf(silentClients(requests.length));
    const each = <T>(content: T): readonly T[] => Array.from({ length: nodes }, () => content);
    let state: ProtocolState = {
      locals: each(-1),
      disks: each(this.#steps.emptyDisk),
      post: [],
      clients,
      budget,
    };
    for (let process = 0; process < nodes; process++) state = this.#begin(state, process);
    return [state];
  }

  moves(state: ProtocolState, visit: Visit<ProtocolState>): void {
    this.#deliver(state, visit);
    for (let client = 0; client < this.#options.requests.length; client++) {
      const asked = this.#ask(state.clients, client);
      if (asked === undefined) continue;
      const { request, clients, label } = asked;
      const { process } = request;
      const outcome = this.#react(state, process, { type: "requested", request });
      this.#carry({ ...state, clients }, process, outcome, label, visit);
    }
    for (let process = 0; process < state.locals.length; process++) {
      this.#fire(state, process, visit);
      if (state.budget.crashes === 0) continue;
      visit(`${this.#name(process)} crashes and starts again`, this.#crash(state, process));
    }
  }

  encode({ locals, disks, post, clients, budget }: ProtocolState, words: Words): void {
    for (let i = 0; i < locals.length; i++) {
      words.push(locals[i] as number);
      words.push(disks[i] as number);
    }
    words.push(clients);
    words.push(budget.crashes);
    words.push(budget.losses);
    words.push(budget.duplicates);
    words.push(budget.timeouts);
    words.pushList(post);
  }

  show({ locals, post, clients, budget }: ProtocolState): unknown {
    return {
      processes: locals.map((local) => this.#steps.stateOf(local)),
      post: post.map((number) => this.#steps.describe(number)),
      clients: this.#clients.valueOf(clients),
      budget,
    };
  }

  #ask(clients: number, client: number): Asked | undefined {
    return this.#asked.get(clients, client, () => {
      const before = this.#clients.valueOf(clients);
      const request = nextRequest(before, client, this.#options.requests[client] ?? []);
      if (request === undefined) return undefined;
      const { id, process, command } = request;
      return {
        request,
        clients: this.#clients.numberOf(withRequest(before, client, request)),
        label: `${id.client} asks ${this.#name(process)}: ${JSON.stringify(command)}`,
      };
    });
  }

  #answer(clients: number, answer: number): number {
    return this.#answered.get(clients, answer, () => {
      const before = this.#clients.valueOf(clients);
      const after = withAnswer(before, this.#options.requests, this.#steps.answer(answer));
      return this.#clients.numberOf(after);
    });
  }

  #deliver(state: ProtocolState, visit: Visit<ProtocolState>): void {
    const { post, budget } = state;
    const isSet = this.#options.post === "set";
    for (let at = 0; at < post.length; at++) {
      if (!this.#office.canArrive(post, at)) continue;
      const envelope = post[at] as number;
      const { to } = this.#steps.envelope(envelope);
      const label = this.#steps.describe(envelope);
      const outcome = this.#react(state, to, { type: "received", envelope });
      const arrived = { ...state, post: this.#office.deliver(post, at) };
      this.#carry(arrived, to, outcome, label, visit);
      if (!isSet && budget.duplicates > 0) {
        const kept = { ...state, budget: { ...budget, duplicates: budget.duplicates - 1 } };
        this.#carry(kept, to, outcome, `${label} (and once more)`, visit);
      }
      if (!isSet && budget.losses > 0) {
        const left = { ...budget, losses: budget.losses - 1 };
        const lost = { ...state, post: this.#office.drop(post, at), budget: left };
        visit(`lost: ${label}`, lost);
      }
    }
  }

  #fire(state: ProtocolState, process: number, visit: Visit<ProtocolState>): void {
    const { budget } = state;
    if (budget.timeouts === 0) return;
    const local = state.locals[process] as number;
    for (const timer of this.#steps.timersOf(local)) {
      const outcome = this.#react(state, process, { type: "fired", timer });
      const spent = { ...state, budget: { ...budget, timeouts: budget.timeouts - 1 } };
      const label = `timer ${timer} of ${this.#name(process)} fires`;
      this.#carry(spent, process, outcome, label, visit);
    }
  }

  #react(
    state: ProtocolState,
    process: number,
    cause: Parameters<ProcessSteps["react"]>[2],
  ): Outcome {
    return this.#steps.react(process, state.locals[process] as number, cause);
  }

  /** Visits the state behind all effects, and those in which a crash comes before a `persist`. */
  #carry(
    state: ProtocolState,
    process: number,
    { local, consequences }: Outcome,
    label: string,
    visit: Visit<ProtocolState>,
  ): void {
    if (this.#steps.viewOf(local).era > this.#options.eraMax) return;
    visit(label, this.#after(state, process, local, consequences));
    if (state.budget.crashes === 0) return;
    for (const [position, { type }] of consequences.entries()) {
      if (type !== "persist") continue;
      const done = this.#after(state, process, local, consequences.slice(0, position));
      visit(`${label}, and a crash before it is on disk`, this.#crash(done, process));
    }
  }

  #after(
    state: ProtocolState,
    process: number,
    local: number,
    consequences: readonly Consequence[],
  ): ProtocolState {
    let { post, clients } = state;
    let disk = state.disks[process] as number;
    for (const each of consequences) {
      if (each.type === "persist") disk = this.#steps.write(disk, each.batch);
      if (each.type === "send") post = this.#office.send(post, each.envelope);
      if (each.type === "answer") clients = this.#answer(clients, each.answer);
    }
    return {
      locals: state.locals.with(process, local),
      disks: state.disks.with(process, disk),
      post,
      clients,
      budget: state.budget,
    };
  }

  #crash(state: ProtocolState, process: number): ProtocolState {
    const { budget } = state;
    return this.#begin({ ...state, budget: { ...budget, crashes: budget.crashes - 1 } }, process);
  }

  #begin(state: ProtocolState, process: number): ProtocolState {
    const outcome = this.#steps.start(process, state.disks[process] as number);
    return this.#after(state, process, outcome.local, outcome.consequences);
  }

  #snapshot({ locals, clients }: ProtocolState): Snapshot {
    return {
      views: locals.map((local) => this.#steps.viewOf(local)),
      history: this.#clients.valueOf(clients).history,
    };
  }

  #name(process: number): string {
    return this.#steps.members[process] ?? "";
  }
}
