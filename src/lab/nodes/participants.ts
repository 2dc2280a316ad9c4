/** The participants of a lab and their roles. */

import { attackerName, observerName, shopName } from "../../attacks/record/participants.ts";
import type { Participant } from "../../contract/network.ts";

const firstParticipants: readonly Participant[] = [
  { name: "alice", role: "miner" },
  { name: "bob", role: "miner" },
  { name: "carol", role: "miner" },
  { name: attackerName, role: "miner" },
  { name: shopName, role: "shop" },
  { name: observerName, role: "observer" },
];

/** They are added in a larger lab; every second one mines. */
const furtherNames = [
  ...["dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "kim", "leo", "mike"],
  ...["nina", "oscar", "peggy", "quinn", "rosa", "sam", "trent", "uma", "victor", "wendy"],
];

export const participantsMin = firstParticipants.length;
export const participantsMax = firstParticipants.length + furtherNames.length;

/** @throws RangeError if there are too few or too many. */
export function makeParticipants(count: number): readonly Participant[] {
  if (!Number.isInteger(count) || count < participantsMin || count > participantsMax) {
    const range = `${participantsMin} to ${participantsMax}`;
    throw new RangeError(`a lab has ${range} nodes, not ${count}`);
  }
  const joined = furtherNames
    .slice(0, count - firstParticipants.length)
    .map((name, i): Participant => {
      return { name, role: i % 2 === 0 ? "miner" : "observer" };
    });
  return [...firstParticipants, ...joined];
}

/** Of a lab without an attack: all mine, and none has another role. */
const equalNames = ["alice", "bob", "carol", ...furtherNames, attackerName, shopName, observerName];

/** @throws RangeError if there are too few or too many. */
export function makeEqualParticipants(count: number): readonly Participant[] {
  if (!Number.isInteger(count) || count < 1 || count > participantsMax) {
    throw new RangeError(`a lab on regtest has 1 to ${participantsMax} nodes, not ${count}`);
  }
  return equalNames.slice(0, count).map((name) => ({ name, role: "miner" }));
}

export function minersOf(participants: readonly Participant[]): readonly string[] {
  return participants.filter(({ role }) => role === "miner").map(({ name }) => name);
}
