/** Who takes part in a lab, and in which role. */

import { attackerName, observerName, shopName } from "../../attacks/participants.ts";
import type { Participant } from "../../contract/network.ts";

const founders: readonly Participant[] = [
  { name: "alice", role: "miner" },
  { name: "bob", role: "miner" },
  { name: "carol", role: "miner" },
  { name: attackerName, role: "miner" },
  { name: shopName, role: "shop" },
  { name: observerName, role: "observer" },
];

/** In a larger lab every other one of these mines. */
const newcomers = [
  ...["dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "kim", "leo", "mike"],
  ...["nina", "oscar", "peggy", "quinn", "rosa", "sam", "trent", "uma", "victor", "wendy"],
];

export const participantsMin = founders.length;
export const participantsMax = founders.length + newcomers.length;

/** @throws RangeError if there are too few or too many. */
export function makeRoster(count: number): readonly Participant[] {
  if (!Number.isInteger(count) || count < participantsMin || count > participantsMax) {
    const range = `${participantsMin} to ${participantsMax}`;
    throw new RangeError(`a lab has ${range} nodes, not ${count}`);
  }
  const joined = newcomers.slice(0, count - founders.length).map((name, i): Participant => {
    return { name, role: i % 2 === 0 ? "miner" : "observer" };
  });
  return [...founders, ...joined];
}

export function minersOf(roster: readonly Participant[]): readonly string[] {
  return roster.filter(({ role }) => role === "miner").map(({ name }) => name);
}
