/** Which nodes are inside of a line that was drawn by hand. */

export type Point = { readonly x: number; readonly y: number };

/** Names of the places inside the outline, whose last point is joined with its first. */
export function namesInside(
  outline: readonly Point[],
  places: ReadonlyMap<string, Point>,
): readonly string[] {
  return [...places].flatMap(([name, place]) => (isInside(place, outline) ? [name] : []));
}

/** A ray from the point to the right crosses the outline an odd number of times. */
export function isInside({ x, y }: Point, outline: readonly Point[]): boolean {
  let isOdd = false;
  for (const [i, from] of outline.entries()) {
    const to = outline[(i + 1) % outline.length] ?? from;
    if (from.y > y === to.y > y) continue;
    const crossingX = from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x);
    if (x < crossingX) isOdd = !isOdd;
  }
  return isOdd;
}
