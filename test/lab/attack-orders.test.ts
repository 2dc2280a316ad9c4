/** What may be asked of a lab about attacks: schemas made from their terms. */

import { expect, test } from "vitest";
import { attackBody } from "../../src/lab/attack-orders.ts";

test("an eclipse needs no choices, and takes those that it knows", () => {
  expect(attackBody.parse({ type: "eclipse" })).toEqual({ type: "eclipse", confirmations: 2 });
  const chosen = { type: "eclipse", confirmations: 4, share: 0.2 };
  expect(attackBody.parse(chosen)).toEqual(chosen);
  expect(attackBody.safeParse({ ...chosen, premine: 1 }).success).toBe(false);
  expect(attackBody.safeParse({ ...chosen, confirmations: 21 }).success).toBe(false);
});

test("a stubborn miner says in what", () => {
  const order = { type: "selfish-mining", blocks: 60 };
  expect(attackBody.parse({ ...order, stubborn: { trail: 1 } })).toEqual({
    ...order,
    stubborn: { lead: false, equalFork: false, trail: 1 },
  });
  for (const stubborn of [{}, { trail: 101 }, { trail: 0.5 }, { late: true }]) {
    expect(attackBody.safeParse({ ...order, stubborn }).success).toBe(false);
  }
});
