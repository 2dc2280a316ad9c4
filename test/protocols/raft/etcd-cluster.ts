/** Processes of ours behind the commands of etcd's raft scripts (`rafttest` of etcd-io/raft). */

import { commit } from "../../../src/experiments/raft/cluster.ts";
import type { Elapsed, PeerId } from "../../../src/primitives/brand.ts";
import { createRandom, type Random } from "../../../src/primitives/random.ts";
import { emptyKeyValue } from "../../../src/protocols/process/key-value.ts";
import type { ProcessEvent } from "../../../src/protocols/process/process.ts";
import { baseRecord, snapshotRecord } from "../../../src/protocols/raft/disk.ts";
import { cutUpTo, entryAt, termAt } from "../../../src/protocols/raft/log.ts";
import type { RaftMessage } from "../../../src/protocols/raft/message.ts";
import { raft, type RaftProtocol } from "../../../src/protocols/raft/raft.ts";
import { type RaftRules, raftRules } from "../../../src/protocols/raft/rules.ts";
import type { RaftState } from "../../../src/protocols/raft/state.ts";
import type { Argument, Command } from "./etcd-script.ts";

type Letter = { readonly from: PeerId; readonly to: PeerId; readonly message: RaftMessage };

type Node = {
  readonly protocol: RaftProtocol;
  readonly disk: Map<string, Uint8Array>;
  state: RaftState;
  now: number;
  wakeAt: number;
  /** What it has to send when its Ready is handled. */
  outbox: Letter[];
};

/** Why a command is not carried out: a sentence. */
export type Skipped = { readonly skipped: string };

/** etcd's defaults there: an election time-out of 3 ticks, a heartbeat each tick. */
const tickMs = 100;
const electionTicks = 3;

/** Draws the longest time-outs: scripts say themselves who campaigns. */
const longest: Random = { ...createRandom(1), nextFloat: () => 1 - Number.EPSILON };

export class EtcdCluster {
  readonly nodes = new Map<PeerId, Node>();
  readonly #rules: RaftRules;
  #network: Letter[] = [];
  #sides: readonly (readonly string[])[] = [];
  #requests = 0;

  constructor(rules = raftRules) {
    this.#rules = rules;
  }

  /** @returns the lines that the command prints, or why it was not carried out. */
  run(command: Command): readonly string[] | Skipped {
    const { name, args } = command;
    switch (name) {
      case "add-nodes":
        return this.#addNodes(args);
      case "campaign":
        return this.#campaign(idOf(args));
      case "propose":
        return this.#propose(idOf(args), args[1]?.name ?? "");
      case "propose-conf-change":
        return this.#changeMembers(idOf(args), command.input);
      case "transfer-leadership":
        return this.#transfer(args);
      case "process-ready":
        for (const id of idsOf(args)) this.#flush(id);
        return [];
      case "deliver-msgs":
        return this.#deliverSome(args);
      case "stabilize":
        return this.#stabilize(idsOf(args).length > 0 ? idsOf(args) : [...this.nodes.keys()]);
      case "tick-heartbeat":
        this.#tick(idOf(args));
        return [];
      case "tick-election":
        for (let tick = 0; tick < electionTicks; tick++) this.#tick(idOf(args));
        return [];
      case "set-randomized-election-timeout":
        return this.#setTimeout(idOf(args), Number(valueOf(args, "timeout")));
      case "compact":
        return this.#compact(idOf(args), Number(args[1]?.name));
      case "send-snapshot":
        return this.#sendSnapshot(idOf(args), args[1]?.name as PeerId);
      case "raft-log":
        return this.#logOf(idOf(args));
      case "raft-state":
        return this.#states();
      case "log-level":
        return [];
      case "status":
        return skipped("status prints etcd's own view of its followers, which is none of ours");
      case "report-unreachable":
        return skipped("our leader finds out by heartbeats that a follower cannot be reached");
      case "forget-leader":
        return skipped("our followers cannot be asked to forget their leader");
      case "process-append-thread":
      case "process-apply-thread":
        return skipped("our disk is written before messages leave, in no thread of its own");
      default:
        throw new Error(`line ${command.line}: there is no command ${name} in etcd's scripts`);
    }
  }

  /** Messages between sides are lost from now on; without sides none are. */
  partition(...sides: readonly (readonly string[])[]): void {
    this.#sides = sides;
  }

  /** A crash, and a start from what is on disk. */
  restart(id: string): void {
    const node = this.#node(id as PeerId);
    node.state = node.protocol.start(node.state.setting, node.disk);
    node.wakeAt = Infinity;
    node.outbox = [];
    this.#step(id as PeerId, { type: "started" });
  }

  stateOf(id: string): RaftState {
    return this.#node(id as PeerId).state;
  }

  #addNodes(args: readonly Argument[]): readonly string[] | Skipped {
    const known = ["voters", "index", "prevote", "checkquorum", "inflight", "content"];
    const strange = args.slice(1).find(({ name }) => !known.includes(name));
    if (strange !== undefined) return skipped(`our nodes have nothing like ${strange.name}`);
    const members = listOf(args, "voters");
    const index = Number(valueOf(args, "index") ?? 0);
    for (let count = Number(args[0]?.name); count > 0; count--) {
      const name = String(this.nodes.size + 1) as PeerId;
      const protocol = raft({
        voters: members,
        electionTimeoutMsMin: electionTicks * tickMs,
        electionTimeoutMsMax: 2 * electionTicks * tickMs,
        heartbeatMs: tickMs,
        preVote: valueOf(args, "prevote") === "true",
        checkQuorum: valueOf(args, "checkquorum") === "true",
        commitNotice: "at-once",
        snapshotEvery: 0,
        rules: this.#rules,
      });
      const disk = new Map<string, Uint8Array>();
      const position = { index, term: index === 0 ? 0 : 1 };
      commit(disk, snapshotRecord({ ...position, members, data: emptyKeyValue }));
      commit(disk, baseRecord(position));
      const state = protocol.start({ name, members: [name] }, disk);
      this.nodes.set(name, { protocol, disk, state, now: 0, wakeAt: Infinity, outbox: [] });
      this.#step(name, { type: "started" });
    }
    return [];
  }

  /** Its election time-out passes; a leader has none. */
  #campaign(id: PeerId): readonly string[] {
    const node = this.#node(id);
    if (node.state.role === "leader") return [];
    node.now = Math.max(node.now, node.state.heardAt + node.state.timeoutMs);
    this.#step(id, { type: "woken" });
    return [];
  }

  #propose(id: PeerId, data: string): readonly string[] {
    const request = { client: `script${++this.#requests}`, number: 1 };
    const command = { type: "write", key: "data", value: data } as const;
    this.#step(id, { type: "requested", id: request, command });
    return [];
  }

  #changeMembers(id: PeerId, input: string): readonly string[] | Skipped {
    const [, kind, member] = /^([vr])(\d+)$/.exec(input.trim()) ?? [];
    if (member === undefined) return skipped(`our members change one at a time, not by "${input}"`);
    const change = kind === "v" ? "add" : "remove";
    const message = { type: "change-members", change, member: member as PeerId } as const;
    this.#step(id, { type: "received", from: "operator" as PeerId, message });
    return [];
  }

  #transfer(args: readonly Argument[]): readonly string[] {
    const message = { type: "transfer", to: valueOf(args, "to") as PeerId } as const;
    const leader = valueOf(args, "from") as PeerId;
    this.#step(leader, { type: "received", from: "operator" as PeerId, message });
    return [];
  }

  #stabilize(ids: readonly PeerId[]): readonly string[] {
    for (let rounds = 0; rounds < 1000; rounds++) {
      const ready = ids.filter((id) => this.#node(id).outbox.length > 0);
      for (const id of ready) this.#flush(id);
      const before = this.#network.length;
      for (const id of ids) this.#deliverTo(id);
      if (ready.length === 0 && this.#network.length === before) return [];
    }
    throw new Error("the nodes did not become quiet");
  }

  #deliverSome(args: readonly Argument[]): readonly string[] | Skipped {
    if (valueOf(args, "type") !== undefined) return skipped("our messages have types of their own");
    for (const id of idsOf(args)) this.#deliverTo(id);
    const dropped = listOf(args, "drop");
    this.#network = this.#network.filter(({ to }) => !dropped.includes(to));
    return [];
  }

  #deliverTo(id: PeerId): void {
    const letters = this.#network.filter(({ to }) => to === id);
    this.#network = this.#network.filter(({ to }) => to !== id);
    for (const { from, message } of letters) this.#step(id, { type: "received", from, message });
  }

  #flush(id: PeerId): void {
    const node = this.#node(id);
    const { length } = this.#sides;
    const isOpen = ({ from, to }: Letter) => {
      return length === 0 || this.#sides.some((side) => side.includes(from) && side.includes(to));
    };
    this.#network.push(...node.outbox.filter(isOpen));
    node.outbox = [];
  }

  #tick(id: PeerId): void {
    const node = this.#node(id);
    node.now += tickMs;
    if (node.wakeAt > node.now) return;
    node.wakeAt = Infinity;
    this.#step(id, { type: "woken" });
  }

  #setTimeout(id: PeerId, ticks: number): readonly string[] {
    const node = this.#node(id);
    node.state = { ...node.state, timeoutMs: ticks * tickMs };
    node.wakeAt = Math.min(node.wakeAt, node.state.heardAt + node.state.timeoutMs);
    return [];
  }

  #compact(id: PeerId, index: number): readonly string[] {
    const node = this.#node(id);
    const { applied, log, members, data } = node.state;
    const snapshot = { index: applied, term: termAt(log, applied) ?? 0, members, data };
    node.state = { ...node.state, snapshot, log: cutUpTo(log, index) };
    return this.#logOf(id);
  }

  #sendSnapshot(from: PeerId, to: PeerId): readonly string[] {
    const { term, snapshot } = this.stateOf(from);
    this.#network.push({ from, to, message: { type: "snapshot", term, snapshot } });
    return [];
  }

  #logOf(id: PeerId): readonly string[] {
    const { log } = this.stateOf(id);
    const lines: string[] = [];
    for (let index = log.base.index + 1; index <= log.last.index; index++) {
      lines.push(entryLine(this.stateOf(id), index)!);
    }
    return lines;
  }

  #states(): readonly string[] {
    return [...this.nodes].map(([id, { state }]) => {
      const kind = state.members.includes(id) ? "Voter" : "Non-Voter";
      const lead = state.leader ?? "0";
      return `${id}: ${stateNames[state.role]} (${kind}) Term:${state.term} Lead:${lead}`;
    });
  }

  #step(id: PeerId, event: ProcessEvent<RaftMessage>): void {
    const node = this.#node(id);
    const moment = { now: node.now as Elapsed, random: longest };
    const step = node.protocol.step(node.state, event, moment);
    node.state = step.state;
    for (const effect of step.effects) {
      if (effect.type === "persist") for (const write of effect.batch) commit(node.disk, write);
      if (effect.type === "wake") node.wakeAt = Math.min(node.wakeAt, effect.at);
      if (effect.type !== "send") continue;
      const verdict = node.protocol.decode(node.protocol.encode(effect.message));
      if (!verdict.ok) throw new Error(verdict.problem);
      node.outbox.push({ from: id, to: effect.to, message: verdict.value });
    }
  }

  #node(id: PeerId): Node {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`the script has no node ${id}`);
    return node;
  }
}

const stateNames = {
  follower: "StateFollower",
  "pre-candidate": "StatePreCandidate",
  candidate: "StateCandidate",
  leader: "StateLeader",
} as const;

/** As etcd prints it, such as `1/12 EntryNormal "prop_1"`; undefined if there is none. */
export function entryLine(state: RaftState, index: number): string | undefined {
  const entry = entryAt(state.log, index);
  if (entry === undefined) return undefined;
  const { content, era } = entry;
  if (content.type === "members") return `${era}/${index} EntryConfChangeV2`;
  const isWrite = content.type === "command" && content.command.type === "write";
  const data = isWrite ? String((content.command as { value: unknown }).value) : "";
  return `${era}/${index} EntryNormal "${data}"`;
}

function skipped(why: string): Skipped {
  return { skipped: why };
}

function idOf(args: readonly Argument[]): PeerId {
  return args[0]?.name as PeerId;
}

function idsOf(args: readonly Argument[]): readonly PeerId[] {
  return args.filter(({ value }) => value === undefined).map(({ name }) => name as PeerId);
}

function valueOf(args: readonly Argument[], name: string): string | undefined {
  return args.find((arg) => arg.name === name)?.value;
}

function listOf(args: readonly Argument[], name: string): readonly PeerId[] {
  return (valueOf(args, name)?.match(/\d+/g) ?? []) as PeerId[];
}
