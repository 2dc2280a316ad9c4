/** Faults of a run of cap: those that every world knows, and a node that lies for a while. */

import type { Filter } from "../../machine/filter.ts";
import type { End, FaultExtension } from "../engine/fault-injector.ts";
import {
  describeFault,
  type Fault,
  isCommonFault,
  type NodeOrRole,
  type Timed,
} from "../engine/faults.ts";
import type { Kind, MachineOf } from "../engine/kind.ts";
import type { MachineHost } from "../engine/machine-host.ts";
import type { VerbReader } from "../files/fault-file.ts";

/** A node says what is not so, and does it in the words of whichever protocol runs. */
export type Lie = Timed & { readonly verb: "lie"; readonly node: NodeOrRole };

export type CapFault = Fault | Lie;

/** How `lie` is written in a file. */
export const lieReader: VerbReader<Lie> = {
  keys: ["node"],
  hasEnd: true,
  read: (fields, readNode) => ({ verb: "lie", node: readNode(fields.get("node")) }),
};

export function describeCapFault(fault: CapFault): string {
  if (isCommonFault(fault)) return describeFault(fault);
  return `lie ${fault.node} for ${(fault.lastsMs / 1000).toFixed(3)} s`;
}

/** Makes nodes lie, and honest again. A byzantine node that is started again lies on. */
export class Lies<K extends Kind, H extends MachineHost<K>> implements FaultExtension<H, Lie> {
  readonly #create: (name: string) => Filter<MachineOf<K>, K["effect"]>;
  readonly #lying = new Set<string>();

  /** @param create the behaviour of a byzantine node of this name. */
  constructor(create: (name: string) => Filter<MachineOf<K>, K["effect"]>) {
    this.#create = create;
  }

  begin({ node }: Lie, hostOf: (name: string) => H): End {
    const host = hostOf(node);
    this.#lying.add(node);
    this.hasStarted(host);
    return () => {
      this.#lying.delete(node);
      if (host.isRunning) host.setBehaviour(undefined);
    };
  }

  hasStarted(host: H): void {
    if (this.#lying.has(host.name) && host.isRunning) host.setBehaviour(this.#create(host.name));
  }
}
