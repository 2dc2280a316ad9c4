/** Which faults of a schedule can be carried out on processes of one machine. */

import { expect, test } from "vitest";
import { findObstacle } from "../../../src/lab/cluster/live-faults.ts";
import { commonVerbs, type Fault } from "../../../src/sim/engine/faults.ts";

function faultOf(verb: string): Fault {
  return { verb, node: "n1", atMs: 0, lastsMs: 0 } as unknown as Fault;
}

test("each verb can be carried out, or is refused with the reason", () => {
  const refused = commonVerbs.filter((verb) => findObstacle([faultOf(verb)]) !== undefined);
  expect(refused.toSorted()).toEqual(
    ["throttle", "corrupt", "skew", "step", "start-wrong", "drift"].toSorted(),
  );
  expect(findObstacle([faultOf("split"), faultOf("corrupt")])).toBe(
    "corrupt cannot be carried out live: a store with a wrong checksum does not open; amnesia empties it",
  );
});
