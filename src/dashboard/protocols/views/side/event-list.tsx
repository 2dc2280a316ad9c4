/** The last events before the moment shown, in sentences: each is a link to its own moment. */

import { useMemo } from "preact/hooks";
import type { Entry, RunRecord } from "../../../simulator/run-record.ts";
import { afterEntry, isStop } from "../../run/moment.ts";
import { secondsText } from "../../run/words.ts";
import { useProtocolPage } from "../../state/protocol-page.ts";

const shownMax = 12;

export function EventList({ record }: { readonly record: RunRecord }) {
  const { moment } = useProtocolPage();
  const { entries } = record;
  const { shown } = moment.value;
  const newest = entries.findLastIndex((entry, at) => at < shown && isStop(entry, "event"));
  // Between two events the list stays as it is, however often the picture is drawn.
  return useMemo(() => <Events record={record} shown={newest + 1} />, [record, newest]);
}

function Events({ record, shown }: { readonly record: RunRecord; readonly shown: number }) {
  const page = useProtocolPage();
  return (
    <section class="side-card">
      <h3>What just happened</h3>
      <ol class="event-list">
        {lastEvents(record, shown).map(({ entry, position }) => (
          <li key={position} class={`event-${entry.sign}`}>
            <button type="button" onClick={() => page.goTo(afterEntry(record.entries, position))}>
              <time>{secondsText(entry.atMs)}</time> {entry.text}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The newest first. */
function lastEvents({ entries }: RunRecord, shown: number) {
  const found: { readonly entry: Entry; readonly position: number }[] = [];
  for (let position = shown - 1; position >= 0 && found.length < shownMax; position--) {
    const entry = entries[position];
    if (entry !== undefined && isStop(entry, "event")) found.push({ entry, position });
  }
  return found;
}
