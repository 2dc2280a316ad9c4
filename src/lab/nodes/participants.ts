/** Who takes part in a lab, and in which role. */

import type { AttackOptions } from "../../contract/attacks.ts";
import type { Participant } from "../../contract/network.ts";
import { unreachable } from "../../primitives/verdict.ts";

/** She mines as honestly as the others, until she attacks. */
export const attackerName = "mallory";
/** Sells goods, and looks at its own node only. */
export const shopName = "shop";
/** In whose eyes selfish mining is judged. */
export const observerName = "observer";
/** Where the victim's payment is handed in. */
export const payeeEntryName = "alice";

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
export function makeParticipants(count: number): readonly Participant[] {
  if (!Number.isInteger(count) || count < participantsMin || count > participantsMax) {
    const range = `${participantsMin} to ${participantsMax}`;
    throw new RangeError(`a lab has ${range} nodes, not ${count}`);
  }
  const joined = newcomers.slice(0, count - founders.length).map((name, i): Participant => {
    return { name, role: i % 2 === 0 ? "miner" : "observer" };
  });
  return [...founders, ...joined];
}

export function minersOf(participants: readonly Participant[]): readonly string[] {
  return participants.filter(({ role }) => role === "miner").map(({ name }) => name);
}

/** Without these there is no such attack. */
export function participantsNeededFor(attack: AttackOptions["type"]): readonly string[] {
  switch (attack) {
    case "double-spend":
    case "eclipse":
      return [attackerName, shopName, payeeEntryName];
    case "selfish-mining":
      return [attackerName, observerName];
    default:
      return unreachable(attack);
  }
}
