/** Everything known of a transaction at the moment shown: who pays whom, and whether it holds. */

import { esploraRoutes, ownRoutes, pathOf } from "../../../contract/node-api.ts";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import { coinsOf, counted } from "../../../primitives/figures.ts";
import { coinText } from "../../../primitives/amount.ts";
import { useDashboard } from "../../dashboard.ts";
import {
  opinionsOn,
  paymentStatus,
  type Opinion,
  type PaymentStatus,
  type Viewpoint,
} from "../../story/payment-status.ts";
import { transactionFacts, type TransactionFacts } from "../../story/rest-facts.ts";
import { sightOf, type Sight } from "../../story/sight.ts";
import type { Standing } from "../../story/standing.ts";
import type { Story, StoryPayment } from "../../story/story.ts";
import { factsOf, useAsked, witnessOf } from "./asked.ts";
import { Fact, Facts, LongText } from "./facts.tsx";
import { BlockLink, NodeLink, NodeLinks, TransactionLink } from "./name-link.tsx";
import { NotYet } from "./not-yet.tsx";
import { RawJson } from "./raw-json.tsx";
import { Risk } from "./risk.tsx";
import { viewerOf, viewpointOf } from "./viewpoint.ts";
import { Waterfall } from "./waterfall.tsx";

export function TransactionCard({ txid }: { readonly txid: Txid }) {
  const { playback, perspective } = useDashboard();
  const { story } = playback.moment.value;
  const payment = story.payment(txid);
  if (payment === undefined) return <NotYet what="transaction" />;
  const sight = sightOf(story, viewerOf(perspective.value));
  const viewpoint = viewpointOf(perspective.value, story, payment);
  const status = paymentStatus(story, txid, viewpoint);
  if (sight.viewer !== null && status.state === "unknown") return <NotYet what="transaction" />;
  const witness = witnessOf(story, knowersOf(story, payment));
  return (
    <>
      <State status={status} viewpoint={viewpoint} />
      <Money payment={payment} witness={witness} />
      {sight.viewer === null && <Opinions opinions={opinionsOn(story, txid)} />}
      <Places story={story} payment={payment} sight={sight} />
      <Rival story={story} payment={payment} sight={sight} viewpoint={viewpoint} />
      {(status.state === "confirmed" || status.state === "waiting") && (
        <Risk confirmations={status.confirmations} />
      )}
      <section>
        <h3>Who had it waiting when</h3>
        <Waterfall arrivals={payment.arrivals} beginning="was handed it" />
      </section>
      <RawJson
        node={witness}
        path={pathOf(ownRoutes.transactionFate.path, { txid })}
        edition={`${status.state} ${status.confirmations}`}
      />
    </>
  );
}

/** Nodes that had it waiting or in a block. */
function knowersOf(story: Story, { arrivals, blocks }: StoryPayment): readonly string[] {
  const blockArrivals = blocks.flatMap((hash) => story.block(hash)?.arrivals ?? []);
  return [...blockArrivals, ...arrivals].map(({ node }) => node);
}

type StateProps = { readonly status: PaymentStatus; readonly viewpoint: Viewpoint };

function State({ status, viewpoint }: StateProps) {
  const words = stateWords(status);
  return (
    <p class={`inspector-state ${toneOf(status.state)}`}>
      <strong>{words}</strong>
      <span class="muted">
        {viewpoint === "best-branch" ? " · on the best branch" : ` · seen by ${viewpoint.node}`}
      </span>
    </p>
  );
}

function stateWords({ state, confirmations }: PaymentStatus): string {
  switch (state) {
    case "confirmed":
      return counted(confirmations, "confirmation");
    case "waiting":
      return "waits for a block";
    case "gone":
      return "gone: not in the branch, not waiting";
    case "unknown":
      return "not heard of yet";
  }
}

function toneOf(state: PaymentStatus["state"]): string {
  if (state === "confirmed") return "good";
  return state === "gone" ? "bad" : "";
}

type MoneyProps = { readonly payment: StoryPayment; readonly witness: string | null };

/** What the timeline told, and from REST what it did not. */
function Money({ payment, witness }: MoneyProps) {
  const { txid } = payment;
  const path = pathOf(esploraRoutes.transaction.path, { txid });
  const edition = payment.blocks.length;
  const facts = factsOf(useAsked(witness, path, edition), transactionFacts);
  const fee = payment.fee ?? facts?.fee ?? null;
  return (
    <Facts>
      <Fact name="id" meaning="Its name: the double SHA-256 of all but its signatures">
        <LongText text={txid} name="the transaction's id" />
      </Fact>
      <Fact name="from → to">
        <Parties payment={payment} facts={facts} />
      </Fact>
      {payment.value !== null && <Fact name="value">{coinsOf(payment.value)}</Fact>}
      {fee !== null && (
        <Fact name="fee" meaning="What the miner of its block may keep">
          {fee} satoshis
        </Fact>
      )}
      {fee !== null && fee > 0 && facts !== null && (
        <Fact name="fee rate" meaning="Miners take what pays most for its size">
          {(fee / facts.virtualSizeBytes).toFixed(1)} satoshis a virtual byte
        </Fact>
      )}
    </Facts>
  );
}

type PartiesProps = { readonly payment: StoryPayment; readonly facts: TransactionFacts | null };

function Parties({ payment: { from, to }, facts }: PartiesProps) {
  if (from !== null && to !== null) {
    return (
      <>
        <NodeLink name={from} /> → <NodeLink name={to} />
      </>
    );
  }
  if (facts === null) return "not told";
  return (
    <>
      {facts.isCoinbase && "new coins"}
      {facts.from.map((address) => (
        <AddressOwner key={address} address={address} />
      ))}{" "}
      →
      <ul>
        {facts.to.map(({ address, value }, i) => (
          <li key={i}>
            <AddressOwner address={address} /> <span class="number">{coinText(value)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The node whose purse it is, or the address itself. */
function AddressOwner({ address }: { readonly address: string | null }) {
  const { playback } = useDashboard();
  if (address === null) return "nobody";
  const owner = playback.moment.value.story.nodes.find((node) => node.address === address);
  return <NodeLink name={owner?.name ?? address} />;
}

/** Only where nodes differ. */
function Opinions({ opinions }: { readonly opinions: readonly Opinion[] }) {
  if (opinions.length < 2) return null;
  return (
    <section>
      <h3>What the nodes say</h3>
      <ul class="inspector-list">
        {opinions.map((opinion) => (
          <li key={opinion.nodes.join(" ")}>
            <span class={toneOf(opinion.state)}>{stateWords(opinion)}</span>
            <NodeLinks names={opinion.nodes} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type PlacesProps = {
  readonly story: Story;
  readonly payment: StoryPayment;
  readonly sight: Sight;
};

function Places({ story, payment, sight }: PlacesProps) {
  const blocks = seenBlocks(story, payment, sight);
  if (blocks.length === 0) return null;
  return (
    <section>
      <h3>In {blocks.length === 1 ? "the block" : "these blocks"}</h3>
      <ul class="inspector-list">
        {blocks.map((hash) => (
          <li key={hash}>
            <BlockLink hash={hash} />
            <span class="muted">{standingWords(sight.standingOf(hash))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function seenBlocks(story: Story, { blocks }: StoryPayment, sight: Sight): readonly BlockHash[] {
  return blocks.filter((hash) => {
    const block = story.block(hash);
    return block !== undefined && sight.has(block);
  });
}

function standingWords(standing: Standing): string {
  switch (standing) {
    case "active":
      return "on the best branch";
    case "rival":
      return "on another branch";
    case "withheld":
      return "withheld";
    case "stale":
      return "left behind";
  }
}

type RivalProps = PlacesProps & { readonly viewpoint: Viewpoint };

/** The other transaction that spends the same coin: only one of the two can stay. */
function Rival({ story, payment, sight, viewpoint }: RivalProps) {
  const { rival } = payment;
  if (rival === null) return null;
  const status = paymentStatus(story, rival, viewpoint);
  if (sight.viewer !== null && status.state === "unknown") return null;
  return (
    <section>
      <h3>Double spend</h3>
      <p>
        <TransactionLink txid={rival} /> spends the same coin, so only one of the two can stay.{" "}
        <span class={toneOf(status.state)}>{rivalWords(status, isHidden(story, rival))}</span>
      </p>
    </section>
  );
}

/** Whether it is in no block that others than its miner have, and waits nowhere. */
function isHidden(story: Story, txid: Txid): boolean {
  return paymentStatus(story, txid, "best-branch").state === "unknown";
}

function rivalWords(status: PaymentStatus, hidden: boolean): string {
  if (hidden) return "Only the attacker knows it yet.";
  switch (status.state) {
    case "confirmed":
      return `It is in the branch, with ${stateWords(status)}.`;
    case "waiting":
      return "It waits for a block.";
    case "gone":
    case "unknown":
      return "It is not in the branch.";
  }
}
