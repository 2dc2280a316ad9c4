/** What the last change of the schedule changed, and that the past is as it was. */

import { secondsText } from "../../run/words.ts";
import { type Change, useProtocolPage } from "../../state/protocol-page.ts";

export function ChangeCard() {
  const page = useProtocolPage();
  const { value: change } = page.change;
  return (
    <section class="side-card change-card" aria-live="polite">
      <div class="row-title">
        <h3>What changed</h3>
        <button
          type="button"
          class="plain"
          disabled={!page.canUndo}
          title={page.canUndo ? "U" : "Nothing was changed yet"}
          onClick={() => page.undo()}
        >
          undo
        </button>
      </div>
      {change === null ? (
        <p class="muted small">
          Select a process or an arrow, and break something: also at an earlier moment. What follows
          is computed anew.
        </p>
      ) : (
        <Told change={change} />
      )}
    </section>
  );
}

function Told({ change }: { readonly change: Change }) {
  const { deed, fromMs, same, changes, tookMs } = change;
  return (
    <>
      <p>
        <strong>{deed}</strong>:{" "}
        {fromMs === undefined
          ? "nothing is different."
          : `different from ${secondsText(fromMs)} on; the ${same} events before are the same.`}
      </p>
      <ul class="small">
        {changes.map((text) => (
          <li key={text}>{text}.</li>
        ))}
      </ul>
      {tookMs !== undefined && tookMs.whole > 0 && (
        <p class="muted small" data-took-ms={Math.round(tookMs.whole)}>
          Computed and drawn in {Math.round(tookMs.whole)} ms, of which the simulator took{" "}
          {Math.round(tookMs.simulator)} ms.
        </p>
      )}
    </>
  );
}
