/** The places of the nodes, animated when the network changes. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Size } from "../elements/element-size.ts";
import { type Network, type Places, placesOf } from "./places.ts";

const glideMs = 700;
/** Where the nodes glide from, and how far they are: 0 is there, 1 at their places. */
type Glide = { readonly from: Places; readonly part: number };

/** Animated if the network changes; at once if only the field's size does. */
export function usePlaces(network: Network, field: Size): Places {
  const networkKey = JSON.stringify(network);
  const target = useMemo(
    () => placesOf(network, field),
    [networkKey, field.widthPx, field.heightPx],
  );
  const [glide, setGlide] = useState<Glide | null>(null);
  const shown = glide === null ? target : between(glide.from, target, glide.part);
  const settled = useRef({ networkKey, shown });
  const isNew = settled.current.networkKey !== networkKey && !prefersReducedMotion();
  useEffect(() => {
    const from = settled.current.shown;
    settled.current = { networkKey, shown: from };
    if (!isNew) return;
    const startedAt = performance.now();
    let frame = 0;
    const step = (now: number): void => {
      const part = Math.max(0, (now - startedAt) / glideMs);
      setGlide(part < 1 ? { from, part } : null);
      if (part < 1) frame = requestAnimationFrame(step);
    };
    step(startedAt);
    return () => {
      cancelAnimationFrame(frame);
      setGlide(null);
    };
  }, [networkKey]);
  // In the frame in which the network changes, nodes are still where they were.
  if (isNew) return between(settled.current.shown, target, 0);
  settled.current = { networkKey, shown };
  return shown;
}

export function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Slow at both ends; a new node is at its place at once. */
function between(from: Places, to: Places, part: number): Places {
  const eased = part * part * (3 - 2 * part);
  return new Map(
    [...to].map(([name, end]) => {
      const start = from.get(name) ?? end;
      const x = start.x + (end.x - start.x) * eased;
      return [name, { x, y: start.y + (end.y - start.y) * eased }];
    }),
  );
}
