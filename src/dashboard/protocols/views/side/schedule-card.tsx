/** The schedule of faults as a list that can be edited: a line for each. */

import type { RunRecord } from "../../../simulator/run-record.ts";
import { formatFault, parseSchedule, type ScheduledFault } from "../../../simulator/schedule.ts";
import { momentAt } from "../../run/moment.ts";
import { secondsText } from "../../run/words.ts";
import { useProtocolPage } from "../../state/protocol-page.ts";

export function ScheduleCard({ record }: { readonly record: RunRecord }) {
  const page = useProtocolPage();
  const faults = page.schedule.value;
  return (
    <section class="side-card stack">
      <h3>Schedule of faults</h3>
      {faults.length === 0 && <p class="muted small">None. Levers add lines; you can, too.</p>}
      <ol class="schedule">
        {faults.map((fault, position) => (
          <FaultLine key={formatFault(fault)} {...{ fault, position, record }} />
        ))}
      </ol>
      <NewLine />
      {page.problem.value !== null && (
        <p class="bad small" role="alert">
          {page.problem.value}
        </p>
      )}
    </section>
  );
}

type LineProps = {
  readonly fault: ScheduledFault;
  readonly position: number;
  readonly record: RunRecord;
};

function FaultLine({ fault, position, record }: LineProps) {
  const page = useProtocolPage();
  const text = formatFault(fault);
  const faults = page.schedule.value;
  const replace = (others: readonly ScheduledFault[], deed: string) => {
    const schedule = [...faults.slice(0, position), ...others, ...faults.slice(position + 1)];
    page.reschedule(schedule, deed);
  };
  return (
    <li class="row">
      <button
        type="button"
        class="plain small"
        title="Go to its moment"
        onClick={() => page.goTo(momentAt(record, fault.atMs))}
      >
        {secondsText(fault.atMs)}
      </button>
      <input
        type="text"
        class="mono"
        aria-label={`Fault ${position + 1}`}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          const parsed = parseSchedule(value);
          if (parsed.ok) replace(parsed.value, `${text} becomes ${value.trim() || "nothing"}`);
          else page.problem.value = parsed.problem;
        }}
      />
      <button
        type="button"
        aria-label={`Remove ${text}`}
        title="Remove"
        onClick={() => replace([], `without ${text}`)}
      >
        ✕
      </button>
    </li>
  );
}

function NewLine() {
  const page = useProtocolPage();
  return (
    <input
      type="text"
      class="mono schedule-new"
      aria-label="A new fault"
      placeholder="crash @leader at 6000 for 2000"
      onChange={({ currentTarget }) => {
        const { value } = currentTarget;
        if (value.trim() === "") return;
        const parsed = parseSchedule(value);
        if (!parsed.ok) {
          page.problem.value = parsed.problem;
          return;
        }
        currentTarget.value = "";
        const schedule = [...page.schedule.value, ...parsed.value];
        page.reschedule(
          schedule.sort((a, b) => a.atMs - b.atMs),
          value.trim(),
        );
      }}
    />
  );
}
