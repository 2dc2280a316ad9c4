/** Which protocol runs, and how: a change of it is another run. */

import { type RunSettings, settingsLimits } from "../../simulator/run-settings.ts";
import type { PageAddress } from "../run/page-address.ts";
import { useProtocolPage } from "../state/protocol-page.ts";

export function RunForm() {
  const page = useProtocolPage();
  const settings = page.settings.value;
  if (settings === undefined) return <span class="muted">loading the simulator…</span>;
  const change: ChangeSettings = (own) => {
    page.open({ ...page.link, moment: undefined, settings: { ...settings, ...own } });
  };
  return (
    <form class="run-form row" onSubmit={(event) => event.preventDefault()}>
      <ProtocolChoice settings={settings} />
      <MutantChoice settings={settings} onChange={change} />
      <label>
        seed{" "}
        <input
          type="text"
          class="run-seed"
          value={settings.seed}
          onChange={({ currentTarget: { value } }) => change({ seed: value })}
        />
      </label>
      <NumberField
        name="nodes"
        value={settings.nodes}
        limits={settingsLimits.nodes}
        onChange={(nodes) => page.open({ ...page.link, moment: undefined, nodes })}
      />
      <NumberField
        name="clients"
        value={settings.clients}
        limits={settingsLimits.clients}
        onChange={(clients) => change({ clients })}
      />
      <NumberField
        name="seconds"
        value={settings.durationMs / 1000}
        limits={inSeconds(settingsLimits.durationMs)}
        onChange={(seconds) => change({ durationMs: seconds * 1000 })}
      />
      <DelayFields settings={settings} onChange={change} />
    </form>
  );
}

type ChangeSettings = (change: Partial<PageAddress["settings"]>) => void;

/** Another protocol begins without faults: those of the one before name other things. */
function ProtocolChoice({ settings }: { readonly settings: RunSettings }) {
  const page = useProtocolPage();
  const known = page.protocols.value;
  const open = (protocol: string) => {
    const own = { ...settings, mutant: undefined };
    page.open({ protocol, nodes: undefined, settings: own, schedule: "", moment: undefined });
  };
  return (
    <label>
      protocol{" "}
      <select
        value={settings.protocol}
        title={known.find(({ name }) => name === settings.protocol)?.summary ?? ""}
        onChange={({ currentTarget: { value } }) => open(value)}
      >
        {known.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

type MutantProps = { readonly settings: RunSettings; readonly onChange: ChangeSettings };

function MutantChoice({ settings, onChange }: MutantProps) {
  const { protocols } = useProtocolPage();
  const { mutants = [] } = protocols.value.find(({ name }) => name === settings.protocol) ?? {};
  if (mutants.length === 0) return null;
  const mistake = mutants.find(({ name }) => name === settings.mutant)?.mistake;
  return (
    <label>
      rules{" "}
      <select
        value={settings.mutant ?? ""}
        title={mistake ?? "as they should be"}
        onChange={({ currentTarget: { value } }) => {
          onChange({ mutant: value === "" ? undefined : value });
        }}
      >
        <option value="">as they should be</option>
        {mutants.map(({ name }) => (
          <option key={name} value={name}>
            wrong: {name}
          </option>
        ))}
      </select>
    </label>
  );
}

type Limits = { readonly min: number; readonly max: number };

type NumberProps = {
  readonly name: string;
  readonly value: number;
  readonly limits: Limits;
  readonly onChange: (value: number) => void;
};

/** What is outside of the limits, or no whole number, is put back. */
function NumberField({ name, value, limits: { min, max }, onChange }: NumberProps) {
  return (
    <label>
      {name}{" "}
      <input
        type="number"
        {...{ min, max, value }}
        title={`${min} to ${max}`}
        onChange={({ currentTarget }) => {
          const typed = Number(currentTarget.value);
          if (Number.isInteger(typed) && typed >= min && typed <= max) onChange(typed);
          else currentTarget.value = String(value);
        }}
      />
    </label>
  );
}

function inSeconds({ min, max }: Limits): Limits {
  return { min: min / 1000, max: max / 1000 };
}

type DelayProps = {
  readonly settings: RunSettings;
  readonly onChange: (change: Pick<RunSettings, "delayMsMin" | "delayMsMax">) => void;
};

function DelayFields({ settings: { delayMsMin, delayMsMax }, onChange }: DelayProps) {
  return (
    <span class="run-delay" title="What a message takes, each time at random between the two">
      <NumberField
        name="delay"
        value={delayMsMin}
        limits={settingsLimits.delayMs}
        onChange={(least) => {
          onChange({ delayMsMin: least, delayMsMax: Math.max(least, delayMsMax) });
        }}
      />{" "}
      <NumberField
        name="to"
        value={delayMsMax}
        limits={settingsLimits.delayMs}
        onChange={(most) => {
          onChange({ delayMsMin: Math.min(most, delayMsMin), delayMsMax: most });
        }}
      />{" "}
      <span class="muted">ms</span>
    </span>
  );
}
