/** The menu beside a node or a link that was clicked in the peer graph. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useDashboard } from "../../state/dashboard.ts";
import type { Edge } from "../../story/edges.ts";
import type { Point } from "../../story/lasso.ts";
import type { StoryNode } from "../../story/story.ts";
import type { Size } from "../elements/element-size.ts";
import { LeverButton, type Pull } from "../elements/lever.tsx";

const menuWidthPx = 190;
/** No menu is higher. */
const menuHeightMaxPx = 200;
const distancePx = 30;

type Frame = {
  readonly at: Point;
  readonly field: Size;
  readonly onClose: () => void;
};

type MenuProps = Frame & { readonly title: string; readonly children: ComponentChildren };

/** Takes the focus, and gives it back when it closes. */
function Menu({ at, field, title, onClose, children }: MenuProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const [menu, opener] = [element.current, document.activeElement];
    menu?.querySelector<HTMLElement>("button:not(:disabled, .menu-close)")?.focus();
    return () => {
      const focused = document.activeElement;
      if (focused !== document.body && menu?.contains(focused) !== true) return;
      if (opener instanceof SVGElement || opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  const left = Math.max(0, Math.min(at.x - menuWidthPx / 2, field.widthPx - menuWidthPx));
  return (
    <div
      ref={element}
      class="graph-menu"
      role="dialog"
      aria-label={title}
      style={{ left: `${left}px`, width: `${menuWidthPx}px`, ...uprightOf(at.y, field) }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <strong>{title}</strong>
        <button type="button" class="menu-close" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      {children}
    </div>
  );
}

/** Above or below what was clicked; over it where there is no room for that. */
function uprightOf(y: number, { heightPx }: Size) {
  if (y - distancePx >= menuHeightMaxPx) return { bottom: `${heightPx - y + distancePx}px` };
  const hasRoomBelow = y + distancePx + menuHeightMaxPx <= heightPx;
  return { top: hasRoomBelow ? `${y + distancePx}px` : "0" };
}

type NodeMenuProps = Frame & {
  readonly node: StoryNode;
  readonly isChosen: boolean;
  readonly pull: Pull;
  readonly onChoose: () => void;
};

export function NodeMenu({ node, isChosen, pull, onChoose, ...frame }: NodeMenuProps) {
  const { levers, perspective } = useDashboard();
  const { name, state, role, height } = node;
  const isUp = state === "up";
  const viewer = perspective.value === "everybody" ? null : perspective.value.node;
  return (
    <Menu title={name} {...frame}>
      <p class="small muted">
        {role}, {isUp ? `height ${height}` : state}
      </p>
      <button
        type="button"
        onClick={() => {
          perspective.value = viewer === name ? "everybody" : { node: name };
          frame.onClose();
        }}
      >
        {viewer === name ? "See as all nodes" : `See as ${name}`}
      </button>
      <LeverButton onPull={onChoose}>
        {isChosen ? "Remove from the cut" : "Choose for the cut"}
      </LeverButton>
      {isUp ? (
        <LeverButton
          onPull={() => {
            pull(() => levers.crash(name));
            frame.onClose();
          }}
        >
          Crash
        </LeverButton>
      ) : (
        <LeverButton
          reason={state === "starting" ? `${name} is already starting.` : null}
          onPull={() => {
            pull(() => levers.restart(name));
            frame.onClose();
          }}
        >
          Restart
        </LeverButton>
      )}
    </Menu>
  );
}

type EdgeMenuProps = Frame & {
  readonly edge: Edge;
  /** Whether a partition separates its ends. */
  readonly isParted: boolean;
  /** The delay in each direction of a link that is not slowed. */
  readonly usualMs: number;
  readonly pull: Pull;
};

const slowStepsMs = [200, 1_000] as const;
const stateWords: Readonly<Record<Edge["state"], string>> = {
  open: "connected",
  closed: "not connected: one end is down",
  cut: "cut",
};

export function EdgeMenu({ edge, isParted, usualMs, pull, ...frame }: EdgeMenuProps) {
  const { levers } = useDashboard();
  const { between, state, isSlow, delayMs } = edge;
  const reason = isParted ? "A partition separates these two: heal the network first." : null;
  const whole = state === "cut" || isSlow ? null : "This link is neither cut nor slowed.";
  const change = (order: Parameters<typeof levers.changeLink>[1]): void => {
    pull(() => levers.changeLink(between, order));
    frame.onClose();
  };
  return (
    <Menu title={between.join(" – ")} {...frame}>
      <p class="small muted">
        {stateWords[state]}
        {state === "closed" || delayMs === null ? "" : `, ${delayMs} ms in each direction`}
      </p>
      <LeverButton
        reason={reason ?? (state === "cut" ? "This link is cut." : null)}
        onPull={() => change({ state: "cut" })}
      >
        Cut
      </LeverButton>
      {slowStepsMs.map((extraMs) => (
        <LeverButton
          key={extraMs}
          reason={reason}
          onPull={() => change({ state: "open", delayMs: usualMs + extraMs })}
        >
          Slow: +{extraMs < 1_000 ? `${extraMs} ms` : `${extraMs / 1_000} s`}
        </LeverButton>
      ))}
      <LeverButton reason={reason ?? whole} onPull={() => change({ state: "open" })}>
        Restore
      </LeverButton>
    </Menu>
  );
}
