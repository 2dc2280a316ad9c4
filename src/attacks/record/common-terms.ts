/** Terms that several attacks have in common. */

/** Above 60 % nearly every attack succeeds: there is nothing more to see. */
const shareSlider = { min: 0.01, max: 0.6, step: 0.01 } as const;

/** @param usual what a command and a form begin with. */
export function attackerShare(usual: number) {
  return {
    kind: "share",
    label: "mallory's share",
    meaning: "the attacker's part of the hash power; the others get theirs back afterwards",
    min: 0,
    max: 1,
    why: "it is a part of the whole",
    default: usual,
    slider: shareSlider,
    isOptional: true,
    isInTheory: true,
  } as const;
}

/** @param why the shop cannot wait for more than 20 in a live network. */
export function shopConfirmations(why: string) {
  return {
    kind: "count",
    label: "confirmations",
    meaning: "how many the shop waits for before it delivers",
    min: 1,
    max: 20,
    why,
    default: 2,
    theoryMax: 200,
    isInTheory: true,
  } as const;
}
