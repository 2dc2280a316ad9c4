/** Processes that turn byzantine: a fault of this world, beside those of every world. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Behaviour, ByzantineFilter } from "../../protocols/process/behaviour.ts";
import { fakeSignatures } from "../../protocols/process/signatures.ts";
import { describeTurn, type TurnByzantine } from "../engine/byzantine-turns.ts";
import type { End, FaultExtension } from "../engine/fault-injector.ts";
import { describeFault, type Fault, isCommonFault } from "../engine/faults.ts";
import type { ProcessHost } from "./process-host.ts";
import type { ProcessWorld } from "./process-world.ts";

export type ProcessTurn = TurnByzantine<string>;
export type ProcessFault = Fault | ProcessTurn;

/** What goes wrong, and for how long. */
export function describeProcessFault(fault: ProcessFault): string {
  return isCommonFault(fault) ? describeFault(fault) : describeTurn(fault);
}

/** For each behaviour, how often its processes did what an honest one would not. */
export type DeviationCounts = Readonly<Record<string, number>>;

/** Which processes a schedule makes byzantine, each by one behaviour. */
export function turnsIn(faults: readonly ProcessFault[]): readonly ProcessTurn[] {
  return faults.filter((fault) => !isCommonFault(fault));
}

export class ByzantineProcesses implements FaultExtension<ProcessHost, ProcessTurn> {
  readonly #world: ProcessWorld;
  readonly #behaviours: readonly Behaviour[];
  readonly #accomplices: readonly PeerId[];
  readonly #turned = new Map<string, Behaviour>();
  readonly #filters: { readonly name: string; readonly filter: ByzantineFilter }[] = [];

  /**
   * @param behaviours that the protocol's processes may have.
   * @param turns all that there will be: byzantine processes know each other.
   */
  constructor(
    world: ProcessWorld,
    behaviours: readonly Behaviour[],
    turns: readonly ProcessTurn[],
  ) {
    this.#world = world;
    this.#behaviours = behaviours;
    this.#accomplices = [...new Set(turns.map(({ node }) => node as PeerId))];
  }

  /** For good: nothing ends it. @throws Error if there is no behaviour of this name. */
  begin({ node, by }: ProcessTurn, host: (name: string) => ProcessHost): End | undefined {
    const behaviour = this.#behaviours.find(({ name }) => name === by);
    if (behaviour === undefined) throw new Error(`there is no behaviour ${by}`);
    this.#turned.set(node, behaviour);
    this.hasStarted(host(node));
    return undefined;
  }

  /** Also in every later life. */
  hasStarted(host: ProcessHost): void {
    const { name } = host;
    const behaviour = this.#turned.get(name);
    if (behaviour === undefined || !host.isRunning) return;
    const filter = behaviour.create({
      name,
      members: this.#world.names,
      accomplices: this.#accomplices,
      signatures: fakeSignatures(name),
      random: this.#world.randomOf(`byzantine ${name} ${this.#filters.length}`),
    });
    this.#filters.push({ name: behaviour.name, filter });
    host.setBehaviour(filter);
  }

  get deviations(): DeviationCounts {
    const counts: Record<string, number> = {};
    for (const { name, filter } of this.#filters) {
      counts[name] = (counts[name] ?? 0) + filter.deviations;
    }
    return counts;
  }

  /** True if no behaviour was given to it. */
  isHonest(name: string): boolean {
    return !this.#accomplices.some((other) => other === name);
  }
}
