/** The world of processes: n processes of one protocol, links, disks and a clock, all from one seed. */

import type { Milliseconds, PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Command, RequestId } from "../../protocols/process/key-value.ts";
import { ProcessMachine } from "../../protocols/process/process-machine.ts";
import type { ProcessView, Protocol } from "../../protocols/process/protocol.ts";
import { remembering } from "../../protocols/process/shared-view.ts";
import { fakeSignatures } from "../../protocols/process/signatures.ts";
import type { LinkConditions } from "../engine/link.ts";
import type { Links } from "../engine/links.ts";
import type { DiskConditions } from "../engine/machine-host.ts";
import { MemoryStore } from "../engine/memory-store.ts";
import { Post } from "../engine/post.ts";
import type { Edge } from "../engine/topology.ts";
import { peerName, type Roles, World, type WorldSetting } from "../engine/world.ts";
import type { AskedProcesses, AsksAll } from "./client.ts";
import { MessageCounts } from "./message-counts.ts";
import { type AnswerListener, type Parcel, sizeBytesOf } from "./parcel.ts";
import { ProcessHost, type ProcessKind, type ProcessSubject } from "./process-host.ts";

/** Which processes there are, and how they are linked. */
export type ProcessNetwork = {
  readonly names: readonly string[];
  readonly edges: readonly Edge[];
  /** One for each edge. */
  readonly conditions: readonly LinkConditions[];
};

export type ProcessWorldOptions = Omit<WorldSetting<ProcessKind>, "start"> & {
  readonly protocol: Protocol;
  readonly network: ProcessNetwork;
  readonly disk?: DiskConditions;
};

/** The names of the roles that a fault may strike. */
export const processRoles = ["leader", "coordinator", "follower"] as const;
type ProcessRole = (typeof processRoles)[number];

/** For exact counts: what is written is on disk at once. */
export const instantDisk: DiskConditions = { writeMsMin: 0, writeMsMax: 0 };

export class ProcessWorld extends World<ProcessKind, ProcessHost> implements AskedProcesses {
  readonly post: Post<Parcel>;
  readonly counts = new MessageCounts();
  readonly roles: Record<ProcessRole, Roles[string]> = {
    leader: () => this.leader,
    coordinator: () => this.#first(({ role }) => role === "coordinator") ?? this.leader,
    follower: () => {
      const { leader } = this;
      return this.#first((_, name) => name !== leader);
    },
  };
  readonly #answerListeners: AnswerListener[] = [];

  readonly #options: ProcessWorldOptions;
  readonly #members: readonly PeerId[];
  /** Beside which process each client stands, if all processes answer it. */
  readonly #places: Map<string, PeerId> | undefined;

  /** Nothing happens before it begins. */
  constructor(options: ProcessWorldOptions) {
    super({ ...options, start: 0 as Milliseconds });
    this.#options = options;
    this.#members = options.network.names.map(peerName);
    this.#places = options.protocol.answersNeeded ? new Map() : undefined;
    const random = this.random.fork("links");
    this.post = new Post<Parcel>({ clock: this.clock, random, sizeBytesOf });
  }

  /** Links all processes, and starts each. */
  begin(): void {
    const { edges, conditions } = this.#options.network;
    for (const [position, [a, b]] of edges.entries()) {
      const [from, to] = [this.#members[a] as PeerId, this.#members[b] as PeerId];
      this.links.connect(from, to, conditions[position]);
    }
    // All links are open before the first one starts, so that what it sends at once arrives.
    for (const name of this.#members) this.links.arrive(name);
    const protocol = decodingOnce(this.#options.protocol);
    for (const name of this.#members) this.#start(name, protocol);
  }

  #start(name: PeerId, protocol: Protocol): void {
    const { disk } = this.#options;
    const setting = { name, members: this.#members };
    const signatures = fakeSignatures(name);
    this.addHost(name, (place) => {
      return new ProcessHost({
        ...place,
        ...(disk && { disk }),
        post: this.post,
        store: new MemoryStore(),
        boot: (store, life) => {
          const random = place.random.fork(`life ${life}`);
          return new ProcessMachine({ protocol, setting, store, random, signatures });
        },
        places: this.#places,
        onSent: (message) => this.counts.sent(message, (bytes) => protocol.decode(bytes)),
        onNews: (news) => this.tellNews(name, news),
        onAnswer: (id, answer, at) => {
          for (const listener of this.#answerListeners) listener(id, answer, at);
        },
      });
    });
  }

  /** A stream of random draws for a purpose besides those of the world itself. */
  randomOf(purpose: string): Random {
    return this.random.fork(purpose);
  }

  /** What a client does where one answer is not enough. */
  get asksAll(): AsksAll | undefined {
    const answersNeeded = this.#options.protocol.answersNeeded?.(this.#members.length);
    return answersNeeded === undefined ? undefined : { names: this.#members, answersNeeded };
  }

  get links(): Links {
    return this.post.links;
  }

  request(beside: PeerId, id: RequestId, command: Command, at: PeerId): void {
    this.host(beside).request(id, command, at);
  }

  /** Notifies of each answer that reaches its client. */
  onAnswer(listener: AnswerListener): void {
    this.#answerListeners.push(listener);
  }

  protected subjectOf(host: ProcessHost): ProcessSubject {
    return host.subject;
  }

  /** The running process that leads: in the highest era, if several think that they do. */
  get leader(): PeerId | undefined {
    let found: { readonly name: PeerId; readonly era: number } | undefined;
    for (const host of this.hosts) {
      if (!host.isRunning) continue;
      const { isLeader, era } = host.view;
      if (isLeader && (found === undefined || era > found.era)) found = { name: host.name, era };
    }
    return found?.name;
  }

  /** The first running process of which something is so. */
  #first(isSo: (view: ProcessView, name: PeerId) => boolean): PeerId | undefined {
    return this.hosts.find((host) => host.isRunning && isSo(host.view, host.name))?.name;
  }
}

/** A message to many is read once, and all get the same one: messages are never changed. */
function decodingOnce(protocol: Protocol): Protocol {
  return { ...protocol, decode: remembering((bytes) => protocol.decode(bytes)) };
}
