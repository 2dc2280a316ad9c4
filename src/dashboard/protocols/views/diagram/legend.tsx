/** What the signs, lines and cells of the picture mean: folded until it is asked for. */

import { Sign } from "./sign.tsx";

const arrows = [
  ["carries", "data"],
  ["asks", "asks for a vote or promise"],
  ["answers", "answer"],
  ["keeps-alive", "heartbeat"],
  ["client", "client's request or answer"],
] as const;

const signs = [
  ["leads", "leads"],
  ["role", "wants to lead, or follows again"],
  ["vote", "votes"],
  ["commit", "commits"],
  ["write", "writes to its disk"],
  ["fault", "fault, or a lost message"],
  ["broken", "a promise is broken"],
] as const;

export function Legend() {
  return (
    <ul class="legend">
      {arrows.map(([purpose, words]) => (
        <li key={purpose}>
          <svg width={30} height={12} aria-hidden="true" class={`arrow arrow-${purpose}`}>
            <path class="arrow-line" d="M1 6H28M28 6l-6-3M28 6l-6 3" />
          </svg>
          {words}
        </li>
      ))}
      {signs.map(([sign, words]) => (
        <li key={sign}>
          <svg width={20} height={20} viewBox="-10 -10 20 20" aria-hidden="true">
            <Sign sign={sign} />
          </svg>
          {words}
        </li>
      ))}
      <li>
        <svg width={64} height={14} aria-hidden="true" class="era-1">
          <g class="lane-follows">
            <line x1={0} x2={18} y1={7} y2={7} />
          </g>
          <g class="lane-asks">
            <line x1={22} x2={40} y1={7} y2={7} />
          </g>
          <g class="lane-leads">
            <line x1={44} x2={62} y1={7} y2={7} />
          </g>
        </svg>
        follows, asks, leads
      </li>
      <li>
        <span class="log-cell log-open era-1">1</span> in the log only
      </li>
      <li>
        <span class="log-cell log-committed era-1">1</span> committed
      </li>
      <li>
        <span class="log-cell log-committed log-applied era-1">1</span> and applied; the number is
        its term
      </li>
    </ul>
  );
}
