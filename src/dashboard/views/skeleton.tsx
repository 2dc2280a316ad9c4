/** What the panels show before the first event: an outline of what will be there. */

import "./skeleton.css";

/** As many as a usual lab has. */
const nodes = 7;
const radius = 70;

export function SkeletonGraph() {
  const places = Array.from({ length: nodes }, (_, i) => (2 * Math.PI * i) / nodes);
  return (
    <figure class="skeleton">
      <svg viewBox="-110 -110 220 220" aria-hidden="true">
        <circle class="skeleton-edge" r={radius} />
        {places.map((angle) => (
          <circle
            key={angle}
            class="skeleton-shape"
            cx={radius * Math.sin(angle)}
            cy={-radius * Math.cos(angle)}
            r="16"
          />
        ))}
      </svg>
      <figcaption>The nodes are starting. They are real nodes, on this machine only.</figcaption>
    </figure>
  );
}

export function SkeletonTree() {
  return (
    <figure class="skeleton">
      <svg viewBox="-110 -60 220 120" aria-hidden="true">
        <path class="skeleton-edge" d="M-32 0H14" />
        <rect class="skeleton-shape" x="-80" y="-18" width="48" height="36" rx="6" />
        <rect class="skeleton-next" x="14" y="-18" width="48" height="36" rx="6" />
      </svg>
      <figcaption>This is the first block. Waiting for the next one.</figcaption>
    </figure>
  );
}
