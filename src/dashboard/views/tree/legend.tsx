/** What the shapes of the tree mean; always in view. */

const entries = [
  ["active", "best branch"],
  ["competing", "competing branch"],
  ["stale", "stale"],
  ["withheld", "withheld"],
  ["watched", "watched payment"],
] as const;

export function Legend() {
  return (
    <ul class="tree-legend" aria-label="What the shapes mean">
      {entries.map(([shape, words]) => (
        <li key={shape}>
          <svg width={22} height={16} aria-hidden="true">
            {shape === "stale" && <Hatch />}
            <g class={`block ${shape}`} transform="translate(11 8)">
              <rect class="block-box" x={-9} y={-6} width={18} height={12} rx={3} />
              {shape === "stale" && (
                <rect class="block-hatch" x={-9} y={-6} width={18} height={12} rx={3} />
              )}
              {shape === "watched" && (
                <rect class="block-border" x={-6.5} y={-3.5} width={13} height={7} rx={1.5} />
              )}
            </g>
          </svg>
          {words}
        </li>
      ))}
      <li>colour = branch</li>
    </ul>
  );
}

/** The tree's own blocks are filled with it, too. */
function Hatch() {
  return (
    <defs>
      <pattern
        id="tree-hatch"
        width={6}
        height={6}
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path class="hatch-line" d="M3 0V6" />
      </pattern>
    </defs>
  );
}
