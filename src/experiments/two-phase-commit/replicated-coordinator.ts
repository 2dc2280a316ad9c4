/**
 * Two-phase commit whose coordinator is a group: the first members run Raft among themselves, all
 * others take part in transactions.
 *
 * The leader of the group asks for votes as a coordinator does. What it must not do is decide alone:
 * it proposes the outcome to the group's log, by a compare-and-set from nothing, and what stands
 * there first is the outcome for ever. A participant that is in doubt asks the whole group. The
 * leader then proposes to abort; if a commit is in the log already, that fails and the commit is told.
 * So a crash of the leader costs an election, and leaves no participant in doubt while a majority is up.
 *
 * Participants are those of the plain protocol, and so is every rule of theirs; the log is Raft as it
 * is. A request is tried once: a client that asks again begins another transaction.
 *
 * @see Gray and Lamport, Consensus on Transaction Commit, 2006, where Paxos Commit goes further
 */

import type { PeerId } from "../../primitives/brand.ts";
import { broken, valid } from "../../primitives/verdict.ts";
import type { Answer } from "../../protocols/process/key-value.ts";
import type { Moment, ProcessEffect, ProcessEvent } from "../../protocols/process/process.ts";
import type { News, ProcessView, Protocol } from "../../protocols/process/protocol.ts";
import type { RaftMessage } from "../../protocols/raft/message.ts";
import type { RaftOptions } from "../../protocols/raft/options.ts";
import { raft, type RaftProtocol } from "../../protocols/raft/raft.ts";
import type { RaftState } from "../../protocols/raft/state.ts";
import {
  type CommitMessage,
  nameOf,
  type Outcome,
  type Transaction,
} from "../../protocols/two-phase-commit/message.ts";
import type { CommitState, Open } from "../../protocols/two-phase-commit/state.ts";
import {
  type TwoPhaseCommit,
  twoPhaseCommit,
} from "../../protocols/two-phase-commit/two-phase-commit.ts";

export type ReplicatedOptions = {
  /** So many of the first members coordinate. */
  readonly group: number;
  readonly raft: Partial<RaftOptions>;
  /** Between two questions of a participant in doubt: more than a decision takes. */
  readonly askMs: number;
  /** `alone` is a mistake: the leader tells a commit before the log of a majority has it. */
  readonly decides: "by-log" | "alone";
};

/** One of the group. All but its log is lost in a crash, and may be. */
type Coordinator = {
  readonly part: "coordinator";
  readonly raft: RaftState;
  readonly participants: readonly PeerId[];
  readonly begun: number;
  readonly open: Readonly<Record<number, Open>>;
  /** Transactions that a participant in doubt has asked for, and that are not decided. */
  readonly asked: readonly number[];
  /** Transactions whose outcome it has proposed since it leads. */
  readonly proposed: readonly number[];
};

type Participant = {
  readonly part: "participant";
  readonly group: readonly PeerId[];
  readonly inner: CommitState;
};

type Member = Coordinator | Participant;

type Message =
  | { readonly type: "log"; readonly inner: RaftMessage }
  | { readonly type: "commit"; readonly inner: CommitMessage };

type Effect = ProcessEffect<Message, News>;
type Step<S> = { readonly state: S; readonly effects: readonly Effect[] };

/** What participants take for one process. */
const groupName = "group" as PeerId;
/** More than a leader begins in its term. */
const transactionsATerm = 2 ** 20;
const layers = ["log", "commit"] as const;

export function replicatedCommit(options: ReplicatedOptions): Protocol<Member, Message> {
  const { group, askMs, decides } = options;
  const parts = { log: raft(options.raft), commit: twoPhaseCommit({ askMs }) };
  return {
    name: "replicated-commit",
    start: (setting, disk) => {
      const [coordinators, participants] = [
        setting.members.slice(0, group),
        setting.members.slice(group),
      ];
      const { name } = setting;
      if (!coordinators.includes(name)) {
        const inner = parts.commit.start({ name, members: [groupName, ...participants] }, disk);
        return { part: "participant", group: coordinators, inner };
      }
      const nothing = { begun: 0, open: {}, asked: [], proposed: [] };
      const log = parts.log.start({ name, members: coordinators }, disk);
      return { part: "coordinator", raft: log, participants, ...nothing };
    },
    step: (state, event, moment) => {
      return state.part === "coordinator"
        ? new CoordinatorStep(state, parts.log, moment, decides).handle(event)
        : participantStep(state, event, moment, parts.commit);
    },
    encode: ({ type, inner }) => {
      const bytes = type === "log" ? parts.log.encode(inner) : parts.commit.encode(inner);
      return Uint8Array.of(layers.indexOf(type), ...bytes);
    },
    decode: ([layer, ...bytes]) => {
      const type = layers[layer ?? -1];
      if (type === undefined) return broken("it is of no layer");
      const inner = parts[type].decode(Uint8Array.from(bytes));
      return inner.ok ? valid({ type, inner: inner.value } as Message) : inner;
    },
    view: (state) => {
      return state.part === "coordinator"
        ? { ...parts.log.view(state.raft), decisions: decisionsOf(state.raft) }
        : parts.commit.view(state.inner);
    },
    tell: ({ type }) => type,
    describe: ({ type, inner }) => {
      return type === "log" ? parts.log.describe(inner) : parts.commit.describe(inner);
    },
  };
}

function decisionsOf({ data }: RaftState): ProcessView["decisions"] {
  const entries = Object.entries(data.values);
  return Object.fromEntries(entries.map(([number, outcome]) => [nameOf(Number(number)), outcome]));
}

/** The plain participant: what it sends to its coordinator goes to the whole group. */
function participantStep(
  state: Participant,
  event: ProcessEvent<Message>,
  moment: Moment,
  protocol: TwoPhaseCommit,
): Step<Participant> {
  if (event.type === "requested" && event.command.type !== "read") {
    const answer = { type: "redirected", leader: undefined } as const;
    return { state, effects: [{ type: "answer", id: event.id, answer }] };
  }
  if (event.type === "received" && event.message.type === "log") return { state, effects: [] };
  const heard =
    event.type === "received"
      ? { ...event, from: groupName, message: event.message.inner as CommitMessage }
      : event;
  const step = protocol.step(state.inner, heard, moment);
  const effects = step.effects.flatMap((effect): readonly Effect[] => {
    if (effect.type !== "send") return [effect];
    const message = { type: "commit", inner: effect.message } as const;
    return state.group.map((to) => ({ type: "send", to, message }));
  });
  return { state: { ...state, inner: step.state }, effects };
}

/** One step of one of the group, at work. */
class CoordinatorStep {
  #state: Coordinator;
  readonly #effects: Effect[] = [];
  readonly #log: RaftProtocol;
  readonly #moment: Moment;
  readonly #decides: ReplicatedOptions["decides"];

  constructor(
    state: Coordinator,
    log: RaftProtocol,
    moment: Moment,
    decides: ReplicatedOptions["decides"],
  ) {
    this.#state = state;
    this.#log = log;
    this.#moment = moment;
    this.#decides = decides;
  }

  handle(event: ProcessEvent<Message>): Step<Coordinator> {
    if (event.type === "requested") this.#begin(event);
    else if (event.type !== "received") this.#stepLog(event);
    else if (event.message.type === "log") {
      this.#stepLog({ ...event, message: event.message.inner });
    } else this.#hear(event.from, event.message.inner);
    if (!this.#leads) this.#state = { ...this.#state, proposed: [] };
    else for (const number of this.#state.asked) this.#propose(number, "abort");
    return { state: this.#state, effects: this.#effects };
  }

  get #leads(): boolean {
    return this.#state.raft.role === "leader";
  }

  #begin({ id, command }: Transaction): void {
    if (!this.#leads || command.type !== "write") {
      const answer: Answer = this.#leads
        ? { type: "aborted", reason: "only writes are transactions here" }
        : { type: "redirected", leader: this.#state.raft.leader };
      this.#effects.push({ type: "answer", id, answer });
      return;
    }
    const begun = this.#state.begun + 1;
    const number = this.#state.raft.term * transactionsATerm + begun;
    const transaction = { id, command };
    const open = { ...this.#state.open, [number]: { transaction, yes: [] } };
    this.#state = { ...this.#state, begun, open };
    this.#tellAll({ type: "prepare", number, transaction, floor: 0, committed: [] });
  }

  #hear(from: PeerId, message: CommitMessage): void {
    if (message.type === "ask") this.#hearDoubt(from, message.number);
    if (message.type === "vote") this.#countVote(from, message);
  }

  /** What is decided anyone may tell. */
  #hearDoubt(from: PeerId, number: number): void {
    const outcome = this.#outcomeOf(number);
    if (outcome !== undefined) this.#tell(from, { type: outcome, number });
    else if (!this.#state.asked.includes(number)) {
      this.#state = { ...this.#state, asked: [...this.#state.asked, number] };
    }
  }

  #countVote(from: PeerId, { number, isYes }: { number: number; isYes: boolean }): void {
    const open = this.#state.open[number];
    if (open === undefined || !this.#leads) return;
    const yes = isYes && !open.yes.includes(from) ? [...open.yes, from] : open.yes;
    this.#state = { ...this.#state, open: { ...this.#state.open, [number]: { ...open, yes } } };
    if (!isYes) this.#propose(number, "abort");
    if (yes.length < this.#state.participants.length) return;
    if (this.#decides === "alone") this.#tellAll({ type: "commit", number });
    this.#propose(number, "commit");
  }

  /** The first proposal for a transaction that comes into the log is its outcome. */
  #propose(number: number, outcome: Outcome): void {
    const { proposed, raft: log } = this.#state;
    if (proposed.includes(number)) return;
    this.#state = { ...this.#state, proposed: [...proposed, number] };
    const id = { client: `${log.setting.name} ${log.term} ${number}`, number: 1 };
    const command = { type: "compare-and-set", key: String(number), from: null, to: outcome };
    this.#stepLog({ type: "requested", id, command: command as Transaction["command"] });
  }

  #stepLog(event: ProcessEvent<RaftMessage>): void {
    const step = this.#log.step(this.#state.raft, event, this.#moment);
    this.#state = { ...this.#state, raft: step.state };
    for (const effect of step.effects) {
      if (effect.type === "send") {
        this.#effects.push({ ...effect, message: { type: "log", inner: effect.message } });
      } else if (effect.type !== "answer") {
        this.#effects.push(effect);
      } else if (effect.answer.type === "compared") {
        this.#settle(Number(effect.id.client.split(" ")[2]));
      }
    }
  }

  /** The outcome is in the log of a majority: all may learn it. */
  #settle(number: number): void {
    const outcome = this.#outcomeOf(number);
    if (outcome === undefined) throw new Error(`${nameOf(number)} has no outcome in the log`);
    this.#effects.push({ type: "news", news: { type: "decided", outcome } as News });
    this.#tellAll({ type: outcome, number });
    const { [number]: open, ...others } = this.#state.open;
    const asked = this.#state.asked.filter((each) => each !== number);
    this.#state = { ...this.#state, open: others, asked };
    if (open === undefined) return;
    const answer: Answer =
      outcome === "commit"
        ? { type: "written" }
        : { type: "aborted", reason: "a participant voted no, or did not vote in time" };
    this.#effects.push({ type: "answer", id: open.transaction.id, answer });
  }

  #outcomeOf(number: number): Outcome | undefined {
    return this.#state.raft.data.values[String(number)] as Outcome | undefined;
  }

  #tellAll(message: CommitMessage): void {
    for (const to of this.#state.participants) this.#tell(to, message);
  }

  #tell(to: PeerId, inner: CommitMessage): void {
    this.#effects.push({ type: "send", to, message: { type: "commit", inner } });
  }
}
