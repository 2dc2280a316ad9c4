/** Which nodes of a lab are connected with which. */

import type { Link } from "../../contract/network.ts";
import type { Random } from "../../primitives/random.ts";

/** Each node dials at most so many. */
const dialsMax = 3;

/** A random connected graph: each node dials some of those before it. */
export function connectedLinks(names: readonly string[], random: Random): readonly Link[] {
  return names.flatMap((from, at) => {
    const earlier = names.slice(0, at);
    return pickSome(earlier, dialsMax, random).map((to) => ({ from, to }));
  });
}

/** The links that connect a group without the help of other nodes. */
export function missingLinks(group: readonly string[], links: readonly Link[]): readonly Link[] {
  const [first, ...rest] = componentsOf(group, links);
  const from = first?.[0];
  if (from === undefined) return [];
  return rest.flatMap(([to]) => (to === undefined ? [] : [{ from, to }]));
}

/** Whether a link joins these two, in either direction. */
export function isBetween({ from, to }: Link, a: string, b: string): boolean {
  return (from === a && to === b) || (from === b && to === a);
}

/** The parts of a group whose members reach each other without leaving it. */
export function componentsOf(
  group: readonly string[],
  links: readonly Link[],
): readonly (readonly string[])[] {
  const waiting = new Set(group);
  const components: string[][] = [];
  for (const start of group) {
    if (!waiting.delete(start)) continue;
    const component = [start];
    for (const name of component) {
      for (const neighbour of neighboursOf(name, links)) {
        if (waiting.delete(neighbour)) component.push(neighbour);
      }
    }
    components.push(component);
  }
  return components;
}

/** Whom a node dials, and who dials it. */
export function neighboursOf(name: string, links: readonly Link[]): string[] {
  return links.flatMap(({ from, to }) => {
    if (from === name) return [to];
    return to === name ? [from] : [];
  });
}

function pickSome<T>(items: readonly T[], count: number, random: Random): T[] {
  const left = [...items];
  const picked: T[] = [];
  while (picked.length < count && left.length > 0) {
    picked.push(...left.splice(random.nextBelow(left.length), 1));
  }
  return picked;
}
