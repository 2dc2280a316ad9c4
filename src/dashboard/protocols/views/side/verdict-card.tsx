/** What the judge says of the whole run: what holds, what is broken, and where. */

import type { RunRecord } from "../../../simulator/run-record.ts";
import { afterEntry, momentAt } from "../../run/moment.ts";
import { useProtocolPage } from "../../state/protocol-page.ts";

export function VerdictCard({ record }: { readonly record: RunRecord }) {
  const { broken, holds } = record.verdict;
  return (
    <section class="side-card stack">
      <h3>Verdict on the whole run</h3>
      {broken === undefined ? (
        <p>
          <span class="good">✓ holds:</span> {holds.join(", ")}
        </p>
      ) : (
        <Broken record={record} {...broken} />
      )}
    </section>
  );
}

type BrokenProps = {
  readonly record: RunRecord;
  readonly promise: string;
  readonly message: string;
};

function Broken({ record, promise, message }: BrokenProps) {
  const page = useProtocolPage();
  const { entries, operations, verdict } = record;
  const refused = operations[verdict.refused ?? -1];
  const go = () => {
    page.goTo(
      refused === undefined
        ? afterEntry(entries, entries.length - 1)
        : momentAt(record, refused.endedMs),
    );
  };
  return (
    <>
      <p class="bad">
        ✕ <strong>{promise}</strong> is broken
      </p>
      <p>{message}.</p>
      {refused !== undefined && (
        <p class="small">
          Client {refused.client} {refused.text}, and is answered {refused.answer}.
        </p>
      )}
      <button type="button" onClick={go}>
        Go there
      </button>
    </>
  );
}
