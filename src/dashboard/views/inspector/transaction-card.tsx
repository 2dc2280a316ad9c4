/** Everything known of a transaction at the moment shown: who pays whom, and its confirmations. */

import { esploraRoutes, ownRoutes, pathOf } from "../../../contract/node-api.ts";
import { coinText } from "../../../primitives/amount.ts";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import { coinsOf, counted } from "../../../primitives/figures.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import { useDashboard } from "../../state/dashboard.ts";
import {
  type PaymentStatus,
  paymentStatus,
  type StatusGroup,
  statusGroups,
  type Viewpoint,
} from "../../story/payment-status.ts";
import { type TransactionFacts, transactionFacts } from "../../story/rest-facts.ts";
import { type Sight, sightOf } from "../../story/sight.ts";
import type { Standing } from "../../story/standing.ts";
import type { Story, StoryPayment } from "../../story/story.ts";
import { factsOf, nodeToAsk, useAsked } from "../elements/asked.ts";
import { BlockLink, NodeLink, NodeLinks, TransactionLink } from "../elements/name-link.tsx";
import { viewerOf, viewpointOf } from "../elements/viewpoint.ts";
import { Fact, Facts, LongText } from "./facts.tsx";
import { NotYet } from "./not-yet.tsx";
import { RawJson } from "./raw-json.tsx";
import { Risk } from "./risk.tsx";
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
  const askedNode = nodeToAsk(story, knowersOf(story, payment));
  return (
    <>
      <State status={status} viewpoint={viewpoint} />
      <Money payment={payment} askedNode={askedNode} />
      {sight.viewer === null && <StatusGroups groups={statusGroups(story, txid)} />}
      <Places story={story} payment={payment} sight={sight} />
      <Conflict story={story} payment={payment} sight={sight} viewpoint={viewpoint} />
      {(status.state === "confirmed" || status.state === "waiting") && (
        <Risk confirmations={status.confirmations} />
      )}
      <section>
        <h3>When it entered each mempool</h3>
        <Waterfall arrivals={payment.arrivals} beginning="first node" />
      </section>
      <RawJson
        node={askedNode}
        path={pathOf(ownRoutes.transactionOutcome.path, { txid })}
        edition={`${status.state} ${status.confirmations}`}
      />
    </>
  );
}

/** Nodes that had it in their mempool or in a block. */
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
        {viewpoint === "best-branch" ? " · on the best branch" : ` · as ${viewpoint.node} sees it`}
      </span>
    </p>
  );
}

function stateWords({ state, confirmations }: PaymentStatus): string {
  switch (state) {
    case "confirmed":
      return counted(confirmations, "confirmation");
    case "waiting":
      return "unconfirmed: in the mempool";
    case "gone":
      return "dropped: not on the branch, not in the mempool";
    case "unknown":
      return "unknown";
    default:
      return unreachable(state);
  }
}

function toneOf(state: PaymentStatus["state"]): string {
  if (state === "confirmed") return "good";
  return state === "gone" ? "bad" : "";
}

type MoneyProps = { readonly payment: StoryPayment; readonly askedNode: string | null };

/** From the timeline; what is missing there is asked over REST. */
function Money({ payment, askedNode }: MoneyProps) {
  const { txid } = payment;
  const path = pathOf(esploraRoutes.transaction.path, { txid });
  const edition = payment.blocks.length;
  const facts = factsOf(useAsked(askedNode, path, edition), transactionFacts);
  const fee = payment.fee ?? facts?.fee ?? null;
  return (
    <Facts>
      <Fact
        name="txid"
        meaning="The double SHA-256 of all but its witness data: it identifies the transaction"
      >
        <LongText text={txid} name="the txid" />
      </Fact>
      <Fact name="from → to">
        <Parties payment={payment} facts={facts} />
      </Fact>
      {payment.value !== null && <Fact name="value">{coinsOf(payment.value)}</Fact>}
      {fee !== null && (
        <Fact name="fee" meaning="Paid to the miner of its block">
          {fee} satoshis
        </Fact>
      )}
      {fee !== null && fee > 0 && facts !== null && (
        <Fact name="fee rate" meaning="Miners choose the highest fee rates first">
          {(fee / facts.virtualSizeBytes).toFixed(1)} satoshis per virtual byte
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
  if (facts === null) return "unknown";
  return (
    <>
      {facts.isCoinbase && "coinbase (new coins)"}
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

/** The node whose wallet has the address, or the address itself. */
function AddressOwner({ address }: { readonly address: string | null }) {
  const { playback } = useDashboard();
  if (address === null) return "unspendable output";
  const owner = playback.moment.value.story.nodes.find((node) => node.address === address);
  return <NodeLink name={owner?.name ?? address} />;
}

/** Only where nodes differ. */
function StatusGroups({ groups }: { readonly groups: readonly StatusGroup[] }) {
  if (groups.length < 2) return null;
  return (
    <section>
      <h3>Status at each node</h3>
      <ul class="inspector-list">
        {groups.map((group) => (
          <li key={group.nodes.join(" ")}>
            <span class={toneOf(group.state)}>{stateWords(group)}</span>
            <NodeLinks names={group.nodes} />
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
      <h3>Included in</h3>
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
    case "competing":
      return "on a competing branch";
    case "withheld":
      return "withheld";
    case "stale":
      return "stale";
    default:
      return unreachable(standing);
  }
}

type ConflictProps = PlacesProps & { readonly viewpoint: Viewpoint };

/** The conflicting transaction, which spends the same coin. */
function Conflict({ story, payment, sight, viewpoint }: ConflictProps) {
  const { conflict } = payment;
  if (conflict === null) return null;
  const status = paymentStatus(story, conflict, viewpoint);
  if (sight.viewer !== null && status.state === "unknown") return null;
  return (
    <section>
      <h3>Double spend</h3>
      <p>
        <TransactionLink txid={conflict} /> spends the same coin: only one of the two can be
        confirmed.{" "}
        <span class={toneOf(status.state)}>{conflictWords(status, isHidden(story, conflict))}</span>
      </p>
    </section>
  );
}

/** Whether it is in no block that others than its miner have, and waits nowhere. */
function isHidden(story: Story, txid: Txid): boolean {
  return paymentStatus(story, txid, "best-branch").state === "unknown";
}

function conflictWords(status: PaymentStatus, hidden: boolean): string {
  if (hidden) return "So far known only to the attacker.";
  switch (status.state) {
    case "confirmed":
      return `It is on the branch, with ${stateWords(status)}.`;
    case "waiting":
      return "It is in the mempool.";
    case "gone":
    case "unknown":
      return "It is not on the branch.";
    default:
      return unreachable(status.state);
  }
}
