/** Opens a cluster and closes it: folder, levers, processes, faults, clients, verdict. */

import "../../io/platform/polyfill.ts";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Router } from "express";
import type { HistoryEvent } from "../../checkers/history.ts";
import type { ClusterEvent, ClusterFacts, ClusterVerdict } from "../../contract/cluster.ts";
import { type ClaimedFolder, claimFolder } from "../../io/disk/folder.ts";
import { readToken, tokenName } from "../../io/disk/token.ts";
import { createApp } from "../../io/http/app.ts";
import { type RunningServer, serve } from "../../io/http/server.ts";
import { readVersion } from "../../io/platform/version.ts";
import type { Milliseconds } from "../../primitives/brand.ts";
import { asError } from "../../primitives/error-message.ts";
import { protocolNamed, type Workload } from "../../protocols/catalogue.ts";
import type { Value } from "../../protocols/process/key-value.ts";
import type { Fault } from "../../sim/engine/faults.ts";
import { Announcement } from "../running/announcement.ts";
import { labNameOf, newLabFolder, removeOldLabs, timelineName } from "../timeline/kept-labs.ts";
import { Timeline } from "../timeline/timeline.ts";
import { ClientRun } from "./client-run.ts";
import { Cluster } from "./cluster.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import { LiveFaults } from "./live-faults.ts";
import { RestProcesses } from "./rest-processes.ts";

export type ClusterRun = {
  readonly names: readonly string[];
  readonly protocol: string;
  readonly workload: Workload;
  readonly mutant: string | null;
  /** Of the clients; processes draw at random. */
  readonly seed: string;
  readonly faults: readonly Fault[];
  readonly clients: number;
  /** How many requests the clients may make together; without a limit if left out. */
  readonly requestsMax?: number;
  readonly values?: readonly Value[];
  readonly onEvent: (event: ClusterEvent) => void;
  /** Called with a failure that is ours and ends nothing. */
  readonly onWarning: (warning: Error) => void;
};

/** A cluster that runs until it is closed. */
export type OpenCluster = {
  /** With it levers may be pulled. */
  readonly token: string;
  /** Resolves when the clients have asked all that they may; never without a limit. */
  readonly finished: Promise<void>;
  /** Judges, and ends everything. @param isHurried whether not to wait for requests under way. */
  readonly close: (isHurried: boolean) => Promise<ClosedCluster>;
};

export type ClosedCluster = {
  readonly verdict: ClusterVerdict;
  /** Undefined where one value is decided. */
  readonly history: readonly HistoryEvent[] | undefined;
};

/** @throws Error that says what is wrong and what to do; nothing is left running then. */
export async function openCluster(run: ClusterRun): Promise<OpenCluster> {
  const resources = new ClusterResources(run);
  try {
    return await resources.open();
  } catch (error) {
    await resources.close();
    throw error;
  }
}

/** The parts that must be closed again, as far as they are open. */
class ClusterResources {
  readonly #run: ClusterRun;
  readonly #record = (facts: ClusterFacts): void => {
    this.#timeline?.add(facts, Date.now() as Milliseconds);
  };
  readonly #announcement = new Announcement();
  #folder: ClaimedFolder | undefined;
  #timeline: Timeline<ClusterFacts> | undefined;
  #server: RunningServer | undefined;
  #cluster: Cluster | undefined;
  #faults: LiveFaults | undefined;

  constructor(run: ClusterRun) {
    this.#run = run;
  }

  async open(): Promise<OpenCluster> {
    const { names, protocol, mutant, seed, faults, onEvent } = this.#run;
    await removeOldLabs();
    const folder = await claimFolder(await newLabFolder());
    this.#folder = folder;
    const token = await readToken(folder);
    const timeline = await Timeline.open<ClusterFacts>(join(folder.path, timelineName));
    this.#timeline = timeline;
    timeline.onEvent(onEvent);
    const record = this.#record;
    const cluster = new Cluster({ names, protocol, mutant, folder: folder.path, record });
    this.#cluster = cluster;
    const control = await this.#serve(cluster, folder, token, timeline);
    await this.#announcement.open({
      ...{ kind: "cluster", name: labNameOf(folder.path), protocol, url: control },
      ...{ data: folder.path, tokenFile: join(folder.path, tokenName), timeline: timeline.path },
    });
    const facts = { version: readVersion(), protocol, mutant, seed };
    const nodes = names.map((name) => ({ name }));
    record({ type: "opening", kind: "protocol", ...facts, url: control, nodes });
    await cluster.start();
    await this.#announcement.ready(
      Object.fromEntries(cluster.cards.map(({ name, url }) => [name, url])),
    );
    const places = { data: folder.path, timeline: timeline.path };
    record({ type: "started", ...facts, control, nodes: cluster.cards, ...places });
    const clients = this.#beginClients(cluster);
    this.#faults = new LiveFaults(cluster, record);
    this.#faults.schedule(faults);
    const close = (isHurried: boolean) => this.#conclude(clients, timeline, isHurried);
    return { token, finished: clients.finished, close };
  }

  async #serve(
    cluster: Cluster,
    folder: ClaimedFolder,
    token: string,
    timeline: Timeline<ClusterFacts>,
  ): Promise<string> {
    const { protocol, mutant, seed, onWarning } = this.#run;
    const version = readVersion();
    const describe = async () => ({
      ...{ version, protocol, mutant, seed },
      nodes: await cluster.describe(),
      partition: cluster.partition,
      timeline: timeline.path,
    });
    const router = Router().use(
      clusterRoutes({
        ...{ cluster, token, timeline, describe, record: this.#record },
        tokenFile: join(folder.path, tokenName),
      }),
    );
    const app = createApp({
      routes: { "/": router },
      onFailure: (error) => onWarning(asError(error)),
    });
    this.#server = await serve(app, { port: 0 });
    return this.#server.url;
  }

  #beginClients(cluster: Cluster): ClientRun {
    const { names, protocol, workload, seed, clients, requestsMax, values } = this.#run;
    const run = new ClientRun({
      processes: new RestProcesses({
        cards: cluster.cards,
        findLeader: () => cluster.leader,
        answersNeeded: protocolNamed(protocol)?.protocol.answersNeeded?.(names.length),
      }),
      ...{ names, workload, seed, clients, record: this.#record },
      ...(requestsMax !== undefined && { requestsMax }),
      ...(values && { values }),
    });
    run.begin();
    return run;
  }

  async #conclude(
    clients: ClientRun,
    timeline: Timeline<ClusterFacts>,
    isHurried: boolean,
  ): Promise<ClosedCluster> {
    this.#faults?.stop();
    if (isHurried) clients.stop();
    else await clients.end();
    const verdict = { type: "verdict", ...clients.judge(), timeline: timeline.path } as const;
    const { history } = clients;
    await this.#endProcesses();
    this.#record(verdict);
    await this.close();
    return { verdict, history };
  }

  async #endProcesses(): Promise<void> {
    await this.#announcement.withdraw();
    this.#faults?.stop();
    await this.#server?.close();
    await this.#cluster?.close();
  }

  /** Of the folder only the timeline is kept. */
  async close(): Promise<void> {
    await this.#endProcesses();
    try {
      await this.#timeline?.close();
    } finally {
      const path = this.#folder?.path;
      const names = path === undefined ? [] : this.#run.names;
      for (const name of names) await rm(join(path ?? "", name), { recursive: true, force: true });
      await this.#folder?.release();
    }
  }
}
