/** What is shown while there are no blocks besides the first. */

import { boxHeight, boxWidth } from "./geometry.ts";

export function FirstBlock() {
  return (
    <div class="tree-view">
      <svg class="tree-first" width={boxWidth + 12} height={boxHeight + 12} aria-hidden="true">
        <g class="block competing" transform={`translate(${boxWidth / 2 + 6} 26)`}>
          <rect
            class="block-box"
            x={-boxWidth / 2}
            y={-boxHeight / 2}
            width={boxWidth}
            height={boxHeight}
            rx={7}
          />
        </g>
      </svg>
      <FirstBlockCaption />
    </div>
  );
}

export function FirstBlockCaption() {
  return <p class="tree-caption">Mining the first block…</p>;
}
