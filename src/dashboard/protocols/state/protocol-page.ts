/** What the page for protocols shows: the run, the moment of it, what is selected and what was changed. */

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { RunRecord } from "../../simulator/run-record.ts";
import type { RunSettings } from "../../simulator/run-settings.ts";
import { formatSchedule, parseSchedule, type ScheduledFault } from "../../simulator/schedule.ts";
import type { KnownProtocol, Simulator, SimulatorAnswer } from "../../simulator/simulator.ts";
import { compareRuns, type Comparison } from "../run/comparison.ts";
import { withFault } from "../run/levers.ts";
import {
  afterEntry,
  decodeMoment,
  encodeMoment,
  type Moment,
  momentAt,
  step,
  type StepKind,
} from "../run/moment.ts";
import type { PageAddress } from "../run/page-address.ts";

export type Selected =
  | { readonly type: "node"; readonly name: string }
  /** Its position among the messages of the run. */
  | { readonly type: "message"; readonly position: number };

/** What was changed last, and what came of it. */
export type Change = Comparison & {
  readonly deed: string;
  /** From the order to the drawn picture, and the simulator's part of it; undefined until drawn. */
  readonly tookMs: { readonly whole: number; readonly simulator: number } | undefined;
};

type Order = {
  readonly id: number;
  readonly deed: string | undefined;
  readonly begunMs: number;
  /** Where to stand in the new run; undefined for where the address says. */
  readonly momentOf: ((record: RunRecord) => Moment) | undefined;
};

export class ProtocolPage {
  readonly protocols = signal<readonly KnownProtocol[]>([]);
  readonly record = signal<RunRecord | null>(null);
  readonly schedule = signal<readonly ScheduledFault[]>([]);
  readonly moment: Signal<Moment> = signal({ atMs: 0, shown: 0 });
  readonly selected = signal<Selected | null>(null);
  readonly change = signal<Change | null>(null);
  /** A mistake in settings or schedule, in a sentence. */
  readonly problem = signal<string | null>(null);
  readonly isBusy = signal(true);
  readonly isPlaying = signal(false);
  /** Seconds of the run in a second. */
  readonly speed = signal(0.25);
  readonly stepKind = signal<StepKind>("event");
  /** Whether time runs downwards; on a narrow page at first. */
  readonly isDown = signal(matchMedia("(max-width: 640px)").matches);
  /** How much time the picture shows. */
  readonly spanMs = signal(1_500);
  readonly address: Signal<PageAddress>;
  readonly settings: ReadonlySignal<RunSettings | undefined>;
  readonly #simulator: Simulator;
  readonly #earlier = signal<readonly (readonly ScheduledFault[])[]>([]);
  #order: Order | undefined;
  #orders = 0;
  #playedAtMs: number | undefined;

  constructor(simulator: Simulator, address: PageAddress) {
    this.#simulator = simulator;
    this.address = signal(address);
    this.settings = computed(() => settingsOf(this.address.value, this.protocols.value));
    simulator.listen((answer) => this.#hear(answer));
  }

  get canUndo(): boolean {
    return this.#earlier.value.length > 0;
  }

  /** Another run: other settings, or what a link names. */
  open(address: PageAddress): void {
    this.isPlaying.value = false;
    this.address.value = address;
    const schedule = parseSchedule(address.schedule);
    if (!schedule.ok) {
      this.#order = undefined;
      batch(() => {
        this.record.value = null; // it is not what the address names
        this.problem.value = schedule.problem;
        this.isBusy.value = false;
      });
      return;
    }
    batch(() => {
      this.schedule.value = schedule.value;
      this.selected.value = null;
      this.change.value = null;
      this.#earlier.value = [];
    });
    this.#compute(undefined, undefined);
  }

  /** A line more, from a lever. @param deed in words. @param momentOf where to stand afterwards. */
  add(fault: ScheduledFault, deed: string): void {
    this.reschedule(withFault(this.schedule.value, fault), deed, (record) => {
      return momentAt(record, fault.atMs);
    });
  }

  reschedule(
    schedule: readonly ScheduledFault[],
    deed: string,
    momentOf?: (record: RunRecord) => Moment,
  ): void {
    this.isPlaying.value = false;
    this.#earlier.value = [...this.#earlier.value, this.schedule.value];
    this.#apply(schedule, deed, momentOf);
  }

  undo(): void {
    const schedule = this.#earlier.value.at(-1);
    if (schedule === undefined) return;
    this.#earlier.value = this.#earlier.value.slice(0, -1);
    this.#apply(schedule, "undone");
  }

  goTo(moment: Moment): void {
    this.isPlaying.value = false;
    this.moment.value = moment;
  }

  seek(atMs: number): void {
    const { value } = this.record;
    if (value !== null) this.goTo(momentAt(value, atMs));
  }

  step(direction: "back" | "forward", times = 1): void {
    const { value } = this.record;
    if (value === null) return;
    let moment = this.moment.value;
    for (let count = 0; count < times; count++) {
      moment = step(value, moment, this.stepKind.value, direction);
    }
    this.goTo(moment);
  }

  play(): void {
    const { value } = this.record;
    if (value === null) return;
    if (this.moment.value.atMs >= value.endMs) this.moment.value = momentAt(value, 0);
    this.#playedAtMs = undefined;
    this.isPlaying.value = true;
  }

  /** To be called for every picture. @param nowMs of the browser. */
  advance(nowMs: number): void {
    const { value } = this.record;
    if (!this.isPlaying.value || value === null) return;
    const sinceMs = nowMs - (this.#playedAtMs ?? nowMs);
    this.#playedAtMs = nowMs;
    // A page in the background gets no pictures: it goes on where it was.
    const passedMs = Math.min(sinceMs, 250) * this.speed.value;
    this.moment.value = momentAt(value, this.moment.value.atMs + passedMs);
    if (this.moment.value.atMs >= value.endMs) this.isPlaying.value = false;
  }

  /** To be called when the picture of a new run is drawn. */
  drawn(nowMs: number): void {
    const change = this.change.value;
    if (this.#order === undefined || change === null || change.tookMs?.whole !== 0) return;
    const whole = nowMs - this.#order.begunMs;
    this.change.value = { ...change, tookMs: { ...change.tookMs, whole } };
  }

  #apply(
    schedule: readonly ScheduledFault[],
    deed: string,
    momentOf?: (record: RunRecord) => Moment,
  ): void {
    this.schedule.value = schedule;
    const { atMs } = this.moment.value;
    this.#compute(deed, momentOf ?? ((record) => momentAt(record, atMs)));
  }

  #compute(deed: string | undefined, momentOf: Order["momentOf"]): void {
    const { value: settings } = this.settings;
    this.#orders += 1;
    this.#order = { id: this.#orders, deed, begunMs: performance.now(), momentOf };
    this.isBusy.value = true;
    if (settings === undefined) return; // it is asked for as soon as the protocols are known
    this.#simulator.ask({ id: this.#orders, settings, schedule: this.schedule.value });
  }

  #hear(answer: SimulatorAnswer): void {
    if (answer.type === "ready") {
      this.protocols.value = answer.protocols;
      this.open(this.address.value);
      return;
    }
    const order = this.#order;
    if (order?.id !== answer.id) return; // another one was asked for since
    const { run, tookMs } = answer;
    batch(() => {
      this.isBusy.value = false;
      this.problem.value = run.ok ? null : run.problem;
      if (run.ok) this.#show(run.value, order, tookMs);
    });
  }

  #show(record: RunRecord, { deed, momentOf }: Order, simulatorMs: number): void {
    const before = this.record.value;
    this.record.value = record;
    this.moment.value = momentOf?.(record) ?? this.#momentOfAddress(record);
    if (deed === undefined || before === null) return;
    const tookMs = { whole: 0, simulator: simulatorMs };
    this.change.value = { ...compareRuns(before, record), deed, tookMs };
    const { value: selected } = this.selected;
    if (selected?.type === "message" && !isSameMessage(before, record, selected.position)) {
      this.selected.value = null;
    }
  }

  #momentOfAddress(record: RunRecord): Moment {
    const { moment } = this.address.value;
    if (moment !== undefined) return decodeMoment(record, moment);
    const first = record.entries.findIndex(({ sign }) => sign === "leads");
    if (first !== -1) return afterEntry(record.entries, first);
    return momentAt(record, Math.min(1_000, record.endMs));
  }

  /** As a link that repeats what is shown. */
  get link(): PageAddress {
    const { value: record } = this.record;
    if (record === null) return this.address.value;
    const schedule = formatSchedule(this.schedule.value);
    const { protocol, nodes, ...settings } = record.settings;
    const moment = encodeMoment(record, this.moment.value);
    return { protocol, nodes, settings, schedule, moment };
  }
}

function isSameMessage(before: RunRecord, after: RunRecord, position: number): boolean {
  const [was, is] = [before.messages[position], after.messages[position]];
  return was?.sentMs === is?.sentMs && was?.from === is?.from && was?.to === is?.to;
}

/** Undefined until the protocols are known: each has its usual number of processes. */
function settingsOf(
  { protocol, nodes, settings }: PageAddress,
  known: readonly KnownProtocol[],
): RunSettings | undefined {
  if (known.length === 0) return undefined;
  const usual = known.find(({ name }) => name === protocol)?.usualNodes ?? 5;
  return { ...settings, protocol, nodes: nodes ?? usual };
}

const PageContext = createContext<ProtocolPage | null>(null);
export const ProtocolPageProvider = PageContext.Provider;

export function useProtocolPage(): ProtocolPage {
  const page = useContext(PageContext);
  if (page === null) throw new Error("there is no page for protocols around this view");
  return page;
}
