/** Moves a drawing with the wheel: both directions go along the branches, with Shift across them. */

import { useEffect, useRef } from "preact/hooks";

/** @param moveBy returns whether it moved anything; if so, the page does not scroll. */
export function useWheel(
  frame: { readonly current: Element | null },
  moveBy: (dxPx: number, dyPx: number) => boolean,
): void {
  const latest = useRef(moveBy);
  latest.current = moveBy;
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const onWheel = (event: Event) => {
      if (!(event instanceof WheelEvent) || event.ctrlKey) return;
      const [along, across] = event.shiftKey
        ? [0, event.deltaX + event.deltaY]
        : [event.deltaX + event.deltaY, 0];
      if (latest.current(along, across)) event.preventDefault();
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [frame]);
}
