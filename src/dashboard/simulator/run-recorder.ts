/** Records a run while it happens: what the page needs to show any moment of it. */

import type { PeerId } from "../../primitives/brand.ts";
import type { News, ProcessView, Protocol } from "../../protocols/process/protocol.ts";
import type { Strike } from "../../sim/engine/strike.ts";
import { describeProcessFault, type ProcessFault } from "../../sim/process-world/byzantine.ts";
import type { Cluster } from "../../sim/process-world/cluster.ts";
import type { ProcessHost } from "../../sim/process-world/process-host.ts";
import { describeAnswer, describeCommand } from "../../sim/process-world/words.ts";
import type { Entry, EntrySign, Health, OperationRecord, Stage } from "./run-record.ts";
import { formatFault, type MessageFault, type ScheduledFault, unendingMs } from "./schedule.ts";

/** More than a page can hold: then the run ends. */
export const entriesMax = 300_000;

/** Cells of a log, and decisions, that are kept of each process at each moment. */
const shownMax = 16;

const signOf: Readonly<Record<string, EntrySign>> = {
  "role-changed": "role",
  "left-view": "role",
  "took-over": "role",
  leads: "leads",
  voted: "vote",
  promised: "vote",
  reported: "vote",
  proposed: "vote",
  committed: "commit",
  decided: "commit",
  "carried-out": "commit",
  replaced: "commit",
  equivocation: "broken",
};

/** Of these the page tells itself when they are over; a process that starts again says so. */
const tellsEnd: readonly string[] = [
  ...["split", "isolate", "cut", "slow", "throttle", "scramble", "skew", "drift"],
];

export class RunRecorder {
  readonly entries: Entry[] = [];
  readonly struck: ScheduledFault[] = [];
  readonly operations: OperationRecord[] = [];
  readonly #stages = new Map<string, Stage[]>();
  /** The whole of what the last stage of each process shows a part of. */
  readonly #views = new Map<string, ProcessView>();
  readonly #protocol: Protocol;
  #cluster: Cluster | undefined;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  /** To be called before the cluster begins. */
  attach(cluster: Cluster): void {
    this.#cluster = cluster;
    cluster.world.onStep((host) => this.#noteStep(host));
    cluster.world.onNews((name, news) => this.#noteNews(name, news));
  }

  get stages(): Readonly<Record<string, readonly Stage[]>> {
    return Object.fromEntries(this.#stages);
  }

  get isFull(): boolean {
    return this.entries.length >= entriesMax;
  }

  add(entry: Omit<Entry, "atMs">): void {
    this.entries.push({ atMs: this.#atMs, ...entry });
  }

  /** A fault strikes now, or no process has the role that it names. */
  noteStrike(strike: Strike<ProcessFault>): void {
    const { fault } = strike;
    if (strike.type === "skipped") {
      this.add({ sign: "other", text: `${formatFault(fault)}: no process is @${strike.role}` });
      return;
    }
    this.struck.push(fault);
    this.add({ sign: "fault", text: faultText(fault), ...nodeOf(fault) });
    if (!tellsEnd.includes(fault.verb) || fault.lastsMs >= unendingMs) return;
    this.#running.world.clock.after(fault.lastsMs, () => {
      this.add({ sign: "fault", text: `${faultText(fault)}: over`, ...nodeOf(fault) });
    });
  }

  noteMessageFault(fault: MessageFault): void {
    this.struck.push(fault);
  }

  /** To be called between two events of the world: notes what no event tells. */
  observe(): void {
    const { world, clients } = this.#running;
    for (const host of world.hosts) this.#noteHealth(host);
    for (const ended of clients.ended.slice(this.operations.length)) {
      const { client, command, answer, askedAtMs, latencyMs, at } = ended;
      const text = describeCommand(command);
      // Of an abort the words end in a comma: a transcript goes on behind it.
      const answered = answer && describeAnswer(answer).replace(/,$/, "");
      this.operations.push({
        ...{ client, text, answer: answered, at, askedMs: askedAtMs },
        isAborted: answer?.type === "aborted",
        endedMs: askedAtMs + latencyMs,
      });
      const outcome = answered ?? "no answer, so the outcome is unknown";
      this.add({ sign: "client", text: `${client} ${text}: ${outcome}` });
    }
  }

  get #running(): Cluster {
    if (this.#cluster === undefined) throw new Error("no cluster is attached");
    return this.#cluster;
  }

  get #atMs(): number {
    return this.#running.world.clock.elapsedMs;
  }

  #noteStep(host: ProcessHost): void {
    this.#noteHealth(host);
    const last = this.entries.at(-1);
    const isCaused =
      last?.atMs === this.#atMs && last.node === host.name && last.sign === "arrived";
    // What a timer changed is shown with the first entry that tells of it.
    this.#noteStage(host, "running", this.entries.length + (isCaused ? 0 : 1));
    if (host.store.waitingCount === 0) return;
    this.add({ sign: "write", node: host.name, text: `${host.name} writes to its disk` });
  }

  #noteHealth(host: ProcessHost): void {
    const { name } = host;
    const health = healthOf(host);
    const was = this.#stages.get(name)?.at(-1)?.health;
    if (was === health || (was === undefined && health !== "running")) return;
    const last = this.entries.at(-1);
    const isTold =
      was === undefined ||
      (health !== "running" && last?.sign === "fault" && last.atMs === this.#atMs);
    if (!isTold) {
      const text = `${name} ${healthText(was ?? "stopped", health)}`;
      this.add({ sign: "fault", node: name, text });
    }
    this.#noteStage(host, health, this.entries.length);
  }

  #noteStage(host: ProcessHost, health: Health, from: number): void {
    const { name, isHonest } = host;
    const own = this.#stages.get(name) ?? [];
    this.#stages.set(name, own);
    const last = own.at(-1);
    const seen = this.#views.get(name);
    const view = host.isRunning ? host.view : seen;
    if (view === undefined) return;
    if (last !== undefined && seen === view) {
      if (last.health === health && last.isHonest === isHonest) return;
      own.push({ ...last, from, atMs: this.#atMs, health, isHonest });
      return;
    }
    this.#views.set(name, view);
    own.push({ from, atMs: this.#atMs, view: endOf(view), health, isHonest });
  }

  #noteNews(name: PeerId, news: News): void {
    const { view } = this.#running.world.host(name);
    const sign = signOf[news.type] ?? "other";
    const isLeading = view.isLeader && (sign === "role" || news.type === "entered-view");
    this.add({
      sign: isLeading ? "leads" : news.type === "entered-view" ? "role" : sign,
      node: name,
      text: `${name} ${this.#protocol.tell(news)}`,
      era: view.era,
    });
  }
}

/** What a card shows: of long lists the end. */
function endOf(view: ProcessView): ProcessView {
  const { log } = view;
  const decisions = Object.entries(view.decisions);
  if ((log?.cells.length ?? 0) <= shownMax && decisions.length <= shownMax) return view;
  const left = Math.max(0, (log?.cells.length ?? 0) - shownMax);
  return {
    ...view,
    ...(log && {
      log: { ...log, firstIndex: log.firstIndex + left, cells: log.cells.slice(left) },
    }),
    decisions: Object.fromEntries(decisions.slice(-shownMax)),
  };
}

function healthOf(host: ProcessHost): Health {
  if (!host.isRunning) return "stopped";
  return host.isPaused ? "paused" : "running";
}

function healthText(was: Health, health: Health): string {
  if (health === "stopped") return "stops: what is on its disk stays";
  if (health === "paused") return "is paused: it keeps its memory, and does nothing";
  return was === "paused" ? "goes on where it was paused" : "starts again, from its disk";
}

function faultText(fault: ProcessFault): string {
  return fault.lastsMs >= unendingMs
    ? describeProcessFault({ ...fault, lastsMs: 0 }).replace(/ for 0\.000 s$/, "")
    : describeProcessFault(fault);
}

function nodeOf(fault: ProcessFault): Pick<Entry, "node"> {
  return "node" in fault ? { node: fault.node } : {};
}
