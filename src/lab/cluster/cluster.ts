/** A cluster: processes of one protocol that run, and the levers that break and mend them. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type {
  ClusterFacts,
  ClusterNodeCard,
  ClusterNodeJson,
  Standing,
} from "../../contract/cluster.ts";
import type { Groups } from "../../contract/network.ts";
import { recordsName } from "../../io/process/live-process.ts";
import { Child } from "../child/child.ts";
import { LeverError } from "../nodes/lever-error.ts";
import { completeGroups, describePartitionProblem } from "../nodes/partition.ts";
import { type Impairment, LinkBook } from "./link-book.ts";
import type { NodeActions, NodeNews, NodeOrder, NodeReady } from "./node-message.ts";

export type ClusterOptions = {
  readonly names: readonly string[];
  readonly protocol: string;
  readonly mutant: string | null;
  /** Each process has a folder of its own below. */
  readonly folder: string;
  readonly record: (facts: ClusterFacts) => void;
};

type NodeChild = Child<NodeReady, NodeActions, NodeNews>;

/** A process, whether it is up or not. */
type Place = {
  readonly name: string;
  child: NodeChild | undefined;
  /** Where it is, from its first start on. */
  card: ClusterNodeCard | undefined;
  standing: Standing | null;
  /** That it is to be killed at its next write. */
  isDoomed: boolean;
  /** Ends when all that was to be done with it before is done. */
  turn: Promise<unknown>;
};

const listenAnywhere = "/ip4/127.0.0.1/tcp/0";

export class Cluster {
  readonly #options: ClusterOptions;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #book: LinkBook;
  #partition: (Impairment & { readonly type: "split" }) | undefined;
  #isClosing = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#book = new LinkBook(options.names);
    this.#places = new Map(options.names.map((name) => [name, placeOf(name)]));
  }

  get names(): readonly string[] {
    return this.#options.names;
  }

  /** Of all, in their order. */
  get cards(): readonly ClusterNodeCard[] {
    return [...this.#places.values()].flatMap(({ card }) => card ?? []);
  }

  get partition(): Groups | null {
    return this.#partition?.groups ?? null;
  }

  /** Of those that lead as far as they know, the one in the latest era; undefined if none does. */
  get leader(): string | undefined {
    const leading = [...this.#places.values()].filter(({ standing }) => standing?.isLeader);
    const latest = leading.toSorted((a, b) => (b.standing?.era ?? 0) - (a.standing?.era ?? 0));
    return latest[0]?.name;
  }

  /** @throws Error if one of them does not start; the caller closes the cluster then. */
  async start(): Promise<void> {
    const starting = [...this.#places.values()].map((place) => this.#spawn(place));
    await Promise.allSettled(starting); // what starts late must be stopped, too
    await Promise.all(starting);
    await Promise.all([...this.#places.values()].map((place) => this.#begin(place)));
  }

  /** Ends all processes in order, and kills those that do not end. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const children = [...this.#places.values()].flatMap(({ child }) => child ?? []);
    await Promise.all(children.map((child) => child.stop()));
  }

  async describe(): Promise<readonly ClusterNodeJson[]> {
    const standings = await this.standings();
    return this.cards.map((card) => ({ ...card, standing: standings.get(card.name) ?? null }));
  }

  /** Of those that are up and answer, as they are now, in their order. */
  async standings(): Promise<ReadonlyMap<string, Standing>> {
    const asked = [...this.#places.values()].map(async ({ name, child, standing }) => {
      if (child === undefined) return undefined;
      // One that pauses answers nothing: what it was last stands for it.
      const late = new Promise<Standing | null>((resolve) => setTimeout(resolve, 200, standing));
      const now = await Promise.race([child.call("standing"), late]).catch(() => null);
      return now === null ? undefined : ([name, now] as const);
    });
    return new Map((await Promise.all(asked)).flatMap((each) => (each ? [each] : [])));
  }

  // --- Levers --------------------------------------------------------------------------------

  /** In place of an earlier partition; nodes in no group are one more. */
  async split(groups: Groups): Promise<void> {
    const impairment = this.splitOf(groups);
    if (this.#partition) this.#book.remove(this.#partition);
    this.#partition = impairment;
    await this.impair(impairment);
  }

  /** @throws LeverError if these are no groups of this cluster. */
  splitOf(groups: Groups): Impairment & { readonly type: "split" } {
    const completed = completeGroups(this.names, groups);
    if (!completed.ok) throw new LeverError(describePartitionProblem(completed.problem));
    return { type: "split", groups: completed.value };
  }

  /** Mends all links. */
  async heal(): Promise<void> {
    if (this.#book.isEmpty) throw new LeverError("There is nothing to heal: all links are well.");
    this.#book.clear();
    this.#partition = undefined;
    await this.#applyLinks();
  }

  async impair(impairment: Impairment): Promise<void> {
    this.#book.add(impairment);
    await this.#applyLinks();
  }

  /** Does nothing if the network was healed meanwhile. */
  async lift(impairment: Impairment): Promise<void> {
    if (this.#partition === impairment) this.#partition = undefined;
    if (this.#book.remove(impairment)) await this.#applyLinks();
  }

  /** `kill -9`. @throws LeverError if it is down. */
  async kill(name: string): Promise<void> {
    const place = this.#placeOf(name);
    if (place.child === undefined) throw new LeverError(`${name} is down already.`);
    await this.#inTurn(place, () => this.#end(place));
  }

  /** Starts it, after a `kill -9` if it is up. */
  async restart(name: string): Promise<void> {
    const place = this.#placeOf(name);
    await this.#inTurn(place, async () => {
      await this.#end(place);
      await this.#resume(place);
    });
  }

  /** Starts it unless it is up. */
  async ensureUp(name: string): Promise<void> {
    const place = this.#placeOf(name);
    await this.#inTurn(place, () => this.#resume(place));
  }

  /** The same with an empty disk. */
  async forget(name: string): Promise<void> {
    const place = this.#placeOf(name);
    await this.#inTurn(place, async () => {
      await this.#end(place);
      const records = join(this.#options.folder, name, recordsName);
      await rm(records, { recursive: true, force: true });
      await this.#resume(place);
    });
  }

  /** It does nothing for so long; a node that is down stays so. */
  async pause(name: string, forMs: number): Promise<void> {
    await this.#placeOf(name).child?.call("pause", forMs);
  }

  /** It is killed when its next write is under way. */
  async killAtNextWrite(name: string, isWanted: boolean): Promise<void> {
    const place = this.#placeOf(name);
    place.isDoomed = isWanted;
    await place.child?.call("killAtNextWrite", isWanted).catch(() => undefined);
  }

  isUp(name: string): boolean {
    return this.#placeOf(name).child !== undefined;
  }

  /** @throws LeverError if there is none of this name. */
  requireNode(name: string): void {
    this.#placeOf(name);
  }

  // --- Processes -----------------------------------------------------------------------------

  #placeOf(name: string): Place {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    const names = this.names.join(", ");
    throw new LeverError(`There is no node ${name} here; the nodes are ${names}.`);
  }

  /** What is done with one process is done one after the other. */
  #inTurn(place: Place, act: () => Promise<void>): Promise<void> {
    const done = place.turn.then(act);
    place.turn = done.catch(() => undefined);
    return done;
  }

  async #end(place: Place): Promise<void> {
    const { name, child } = place;
    if (child === undefined) return;
    await child.kill();
    this.#noteEnd(place);
    this.#options.record({ type: "node-down", node: name });
  }

  #noteEnd(place: Place): void {
    place.child = undefined;
    place.standing = null;
    place.isDoomed = false;
  }

  async #resume(place: Place): Promise<void> {
    if (place.child !== undefined || this.#isClosing) return;
    await this.#spawn(place);
    await this.#begin(place);
    const pid = place.card?.pid ?? 0;
    this.#options.record({ type: "node-up", node: place.name, pid });
  }

  /** At its former addresses, if it had some, so that others still reach it. */
  async #spawn(place: Place): Promise<void> {
    const { protocol, mutant, folder, names: members } = this.#options;
    const { name, card } = place;
    const order: NodeOrder = {
      ...{ name, members, protocol, mutant },
      folder: join(folder, name),
      listen: card?.peer.split("/p2p/", 1).join() ?? listenAnywhere,
      apiPort: card === undefined ? 0 : Number(new URL(card.url).port),
    };
    const program = { program: "node.process", beside: import.meta.url, argument: order };
    const child: NodeChild = await Child.start({ name, ...program });
    place.child = child;
    const { peerId, address: peer, url, publicKey } = child.ready;
    place.card = { name, url, peer, peerId, publicKey, pid: child.pid };
    child.onNews((news) => this.#receive(place, news));
    child.onFailure((reason) => this.#noteFailure(place, child, reason));
    if (this.#isClosing) await child.stop();
  }

  async #begin(place: Place): Promise<void> {
    const peers = this.cards
      .filter(({ name }) => name !== place.name)
      .map(({ name, peerId, peer }) => ({ name, peerId, address: peer }));
    const directory = {
      urls: Object.fromEntries(this.cards.map(({ name, url }) => [name, url])),
      publicKeys: Object.fromEntries(this.cards.map(({ name, publicKey }) => [name, publicKey])),
    };
    await place.child?.call("begin", peers, directory, this.#book.statesOf(place.name));
  }

  /** One that is killed meanwhile is told when it starts again. */
  async #applyLinks(): Promise<void> {
    const telling = [...this.#places.values()].map(async ({ name, child }) => {
      await child?.call("setLinks", this.#book.statesOf(name)).catch(() => undefined);
    });
    await Promise.all(telling);
  }

  #receive(place: Place, news: NodeNews): void {
    const { record } = this.#options;
    const { name: node, standing: before } = place;
    if (news.type === "news") {
      record({ type: "news", node, kind: news.kind, text: news.text });
      return;
    }
    const { standing } = news;
    place.standing = standing;
    const isNew = before?.isLeader !== true || before.era !== standing.era;
    if (standing.isLeader && isNew) record({ type: "leads", node, era: standing.era });
  }

  #noteFailure(place: Place, child: NodeChild, reason: string): void {
    if (place.child !== child || this.#isClosing) return;
    void child.kill();
    const { isDoomed, name: node } = place;
    this.#noteEnd(place);
    if (isDoomed) this.#options.record({ type: "node-down", node });
    else this.#options.record({ type: "node-failed", node, reason });
  }
}

function placeOf(name: string): Place {
  const nothing = { child: undefined, card: undefined, standing: null };
  return { name, ...nothing, isDoomed: false, turn: Promise.resolve() };
}
