/** The parts of a network: nodes that reach each other over links that are open now. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Links } from "../engine/links.ts";

/** The running nodes that a node reaches, itself first; none if it is down. */
export function partOf(
  name: PeerId,
  links: Links,
  isRunning: (name: PeerId) => boolean,
): readonly PeerId[] {
  if (!isRunning(name)) return [];
  const reached = [name];
  for (const at of reached) {
    for (const link of links.around(at)) {
      const other = link.otherEnd(at);
      if (link.isOpen && isRunning(other) && !reached.includes(other)) reached.push(other);
    }
  }
  return reached;
}

/** Every running node is in one part; parts and nodes stand in the order of the names. */
export function partsOf(
  names: readonly PeerId[],
  links: Links,
  isRunning: (name: PeerId) => boolean,
): readonly (readonly PeerId[])[] {
  const parts: (readonly PeerId[])[] = [];
  for (const name of names) {
    if (!isRunning(name) || parts.some((part) => part.includes(name))) continue;
    const reached = partOf(name, links, isRunning);
    parts.push(names.filter((each) => reached.includes(each)));
  }
  return parts;
}
