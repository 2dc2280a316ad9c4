/** Chaos for protocols: a minute of virtual time with clients and faults, for each seed. */

import { protocolNamed } from "../../src/protocols/catalogue.ts";
import { runProcessChaos } from "../../src/sim/process-chaos/chaos.ts";
import { planProcessChaos } from "../../src/sim/process-chaos/plan.ts";
import { compare, type Row, rowOfRates } from "./measure.ts";

const nodes = 5;
const seedsCount = 5;

export async function benchProtocols(): Promise<Row[]> {
  const rates = compare(
    () => runSeeds("raft"),
    () => runSeeds("single-copy"),
  );
  const versus = "one process that keeps all, in the same world under the same faults";
  return [rowOfRates(`chaos, raft with ${nodes} processes`, "seeds/s", versus, rates)];
}

/** @throws Error if a seed breaks a promise: what is wrong is not worth measuring. */
function runSeeds(protocol: string): number {
  const entry = protocolNamed(protocol);
  if (entry === undefined) throw new Error(`there is no protocol ${protocol}`);
  for (let seed = 1; seed <= seedsCount; seed++) {
    const plan = planProcessChaos(seed, { protocol, nodes });
    const { failure } = runProcessChaos({ plan, entry });
    if (failure !== undefined) throw new Error(`seed ${seed} of ${protocol}: ${failure.message}`);
  }
  return seedsCount;
}
