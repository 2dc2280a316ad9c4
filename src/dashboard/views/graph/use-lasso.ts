/** A line drawn around nodes, with a mouse, a pen or a finger. */

import type { TargetedPointerEvent } from "preact";
import { useState } from "preact/hooks";
import type { Point } from "../../story/lasso.ts";

/** Closer points than this add nothing to the line. */
const stepPx = 4;
/** With fewer points it was a click. */
const pointsMin = 4;

type Pointer = TargetedPointerEvent<SVGRectElement>;

export type Lasso = {
  /** Null while no line is drawn. */
  readonly outline: readonly Point[] | null;
  readonly handlers: {
    readonly onPointerDown: (event: Pointer) => void;
    readonly onPointerMove: (event: Pointer) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
  };
};

/** @param onDrawn is given the closed line; it is empty after a click on the background. */
export function useLasso(onDrawn: (outline: readonly Point[]) => void): Lasso {
  const [outline, setOutline] = useState<readonly Point[] | null>(null);
  return {
    outline,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setOutline([pointOf(event)]);
      },
      onPointerMove: (event) => {
        const last = outline?.at(-1);
        if (outline === null || last === undefined) return;
        const point = pointOf(event);
        if (Math.hypot(point.x - last.x, point.y - last.y) < stepPx) return;
        setOutline([...outline, point]);
      },
      onPointerUp: () => {
        if (outline === null) return;
        setOutline(null);
        onDrawn(outline.length < pointsMin ? [] : outline);
      },
      onPointerCancel: () => setOutline(null),
    },
  };
}

/** In the drawing's own units. */
function pointOf({ currentTarget, clientX, clientY }: Pointer): Point {
  const toDrawing = currentTarget.getScreenCTM()?.inverse();
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(toDrawing);
  return { x, y };
}
