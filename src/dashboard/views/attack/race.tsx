/** Two branches race: bars of their blocks, and of selfish mining whose blocks stay. */

import { attackNamed, type AttackScene } from "../../../attacks/catalogue.ts";
import type { BlockTally } from "../../../attacks/record/step.ts";
import { percent } from "../../../primitives/figures.ts";
import type { AttackStanding } from "../../story/attack-standing.ts";
import { raceBars } from "../../story/race-bars.ts";

const start = { secretBlocks: 0, publicBlocks: 0, lead: 0 };

export function Race({ standing: { race, scene } }: { readonly standing: AttackStanding }) {
  const lengths = race ?? start;
  const { isRepeated, shopCounts } = attackNamed(scene.attack).course;
  const isOn = !isRepeated || lengths.secretBlocks + lengths.publicBlocks > 0;
  const confirmations = "confirmations" in scene ? scene.confirmations : null;
  const bars = raceBars(lengths, confirmations);
  return (
    <div class="race">
      <RaceBar
        name="public"
        blocks={lengths.publicBlocks}
        part={bars.public}
        needed={shopCounts === "public" ? bars.needed : null}
      />
      <RaceBar
        name="secret"
        blocks={lengths.secretBlocks}
        part={bars.secret}
        needed={shopCounts === "secret" ? bars.needed : null}
      />
      {isOn ? (
        <p>
          {scene.attacker} is <strong class="number">{bars.lead}</strong>
          <span class="muted">, counted in blocks since the fork</span>
        </p>
      ) : (
        <p class="muted">No block is kept secret now.</p>
      )}
    </div>
  );
}

type BarProps = {
  readonly name: "public" | "secret";
  readonly blocks: number;
  readonly part: number;
  /** Where the shop delivers. */
  readonly needed: number | null;
};

function RaceBar({ name, blocks, part, needed }: BarProps) {
  return (
    <div class="race-row">
      <span>{name}</span>
      <span class={`race-track is-${name}`} aria-hidden="true">
        <span class="race-bar" style={{ width: `${100 * part}%` }} />
        {needed !== null && (
          <span
            class="race-goal"
            style={{ left: `${100 * needed}%` }}
            title="Here the shop delivers"
          />
        )}
      </span>
      <output class="number">{blocks}</output>
    </div>
  );
}

type TallyProps = { readonly tally: BlockTally; readonly scene: AttackScene };

/** Her part of the blocks that stay, with a mark at her part of the power. */
export function TallyBar({ tally, scene }: TallyProps) {
  const { attackerBlocks, honestBlocks, staleBlocks } = tally;
  const staying = attackerBlocks + honestBlocks;
  const part = staying === 0 ? 0 : attackerBlocks / staying;
  return (
    <div class="race">
      <div class="race-row">
        <span>stay</span>
        <span class="race-track is-tally" aria-hidden="true">
          <span class="race-bar" style={{ width: `${100 * part}%` }} />
          <span
            class="race-goal"
            style={{ left: `${100 * scene.share}%` }}
            title="Her share of the hash power"
          />
        </span>
        <output class="number">{staying === 0 ? "–" : `${Math.round(100 * part)} %`}</output>
      </div>
      <p>
        <strong class="number">
          {attackerBlocks} of {staying}
        </strong>{" "}
        blocks that stay are hers; her share of the power is {percent(scene.share)} (the mark).{" "}
        <span class="muted">{staleBlocks} left behind.</span>
      </p>
    </div>
  );
}
