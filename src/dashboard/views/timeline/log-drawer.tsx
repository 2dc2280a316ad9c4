/** What happened last before the moment shown, line by line; a click shows the moment of a line. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import { shortHash } from "../../../primitives/figures.ts";
import { useDashboard, type Selection } from "../../dashboard.ts";
import { clockText } from "../../story/clock-text.ts";
import type { EventLine } from "../../story/event-line.ts";
import { logLines } from "../../story/log-lines.ts";
import { viewerOf } from "../inspector/viewpoint.ts";

/** While time goes on, the log is written this often. */
const refreshMs = 500;

export function LogDrawer() {
  const { playback, selection, perspective, kind } = useDashboard();
  const { at, story } = playback.moment.value;
  const subject = selection.value;
  const viewer = viewerOf(perspective.value);
  const edition = playback.mode.value === "paused" ? at : Math.floor(at / refreshMs);
  const lines = useMemo(() => {
    const filter = { subject, viewer, withNews: kind === "node" };
    return logLines(playback.recording.events, at, filter, story);
  }, [edition, subject, viewer]);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines]);
  return (
    <section class="log-drawer" aria-label="Log">
      {subject !== null && (
        <p class="row small">
          <span>Only what is about {subjectText(subject)}.</span>
          <button type="button" class="plain" onClick={() => (selection.value = null)}>
            Show all
          </button>
        </p>
      )}
      {lines.length === 0 && <p class="muted">Nothing has been told of it up to this moment.</p>}
      <ol ref={list}>
        {lines.map((line, i) => (
          <Line key={`${line.at} ${i}`} line={line} />
        ))}
      </ol>
    </section>
  );
}

function subjectText(subject: Selection): string {
  switch (subject.type) {
    case "block":
      return `block ${shortHash(subject.hash)}`;
    case "node":
      return subject.name;
    case "transaction":
      return `transaction ${shortHash(subject.txid)}`;
  }
}

function Line({ line: { at, tone, text } }: { readonly line: EventLine }) {
  const { playback } = useDashboard();
  return (
    <li>
      <button type="button" class={`log-line log-${tone}`} onClick={() => playback.seek(at)}>
        <time>{clockText(at, playback.span.value.from)}</time>
        <span>{text}</span>
      </button>
    </li>
  );
}
