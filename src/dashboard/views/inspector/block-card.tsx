/** Everything known of a block at the moment shown. */

import { esploraRoutes, pathOf } from "../../../contract/node-api.ts";
import { coinText } from "../../../primitives/amount.ts";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import { counted } from "../../../primitives/figures.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { holdersOf } from "../../story/branch.ts";
import { clockText } from "../../story/clock-text.ts";
import { blockFacts } from "../../story/rest-facts.ts";
import { type Sight, sightOf } from "../../story/sight.ts";
import type { Standing } from "../../story/standing.ts";
import type { Story, StoryBlock } from "../../story/story.ts";
import { workText } from "../../story/work-text.ts";
import { factsOf, nodeToAsk, useAsked } from "../elements/asked.ts";
import { BlockLink, NodeLink, NodeLinks, TransactionLink } from "../elements/name-link.tsx";
import { viewerOf } from "../elements/viewpoint.ts";
import { Fact, Facts, LongText } from "./facts.tsx";
import { NotYet } from "./not-yet.tsx";
import { RawJson } from "./raw-json.tsx";
import { Waterfall } from "./waterfall.tsx";

export function BlockCard({ hash }: { readonly hash: BlockHash }) {
  const { playback, perspective } = useDashboard();
  const { story } = playback.moment.value;
  const block = story.block(hash);
  const sight = sightOf(story, viewerOf(perspective.value));
  if (block === undefined || !sight.has(block)) return <NotYet what="block" />;
  return <KnownBlock story={story} block={block} sight={sight} />;
}

type BlockProps = { readonly story: Story; readonly block: StoryBlock };

function KnownBlock({ story, block, sight }: BlockProps & { readonly sight: Sight }) {
  const { playback } = useDashboard();
  const { hash, miner, previous } = block;
  const children = story.childrenOf(hash).filter((child) => {
    const known = story.block(child);
    return known !== undefined && sight.has(known);
  });
  const askedNode = nodeToAsk(
    story,
    block.arrivals.map(({ node }) => node),
  );
  const path = pathOf(esploraRoutes.block.path, { hash });
  return (
    <>
      <p class="inspector-state">{standingWords(sight.standingOf(hash), sight.viewer)}</p>
      <Facts>
        <Fact name="hash" meaning="The double SHA-256 of its header: it identifies the block">
          <LongText text={hash} name="the hash" />
        </Fact>
        <Fact name="parent">
          {previous === null ? "not in this recording" : <BlockLink hash={previous} />}
        </Fact>
        {children.length > 0 && (
          <Fact name="children">
            {children.map((child) => (
              <BlockLink key={child} hash={child} />
            ))}
          </Fact>
        )}
        <Fact name="miner">{miner === null ? "unknown" : <NodeLink name={miner} />}</Fact>
        <Fact name="time">{clockText(block.at, playback.span.value.from)}</Fact>
        <WorkFact story={story} block={block} />
        {block.sizeBytes !== null && <Fact name="size">{block.sizeBytes} bytes</Fact>}
        <ProofFact askedNode={askedNode} path={path} />
        {sight.viewer === null && <Holders names={holdersOf(story, hash)} />}
      </Facts>
      <Payments story={story} block={block} />
      <section>
        <h3>When each node received it</h3>
        <Waterfall arrivals={block.arrivals} beginning="first node" />
      </section>
      <RawJson node={askedNode} path={path} />
    </>
  );
}

function standingWords(standing: Standing, viewer: string | null): string {
  switch (standing) {
    case "active":
      if (viewer !== null) return `On the branch that ${viewer} follows.`;
      return "On the best branch: the one with the most work.";
    case "competing":
      return "On a competing branch that some nodes follow.";
    case "withheld":
      return "Withheld: known only to its miner.";
    case "stale":
      if (viewer !== null) return `Not on the branch that ${viewer} follows.`;
      return "Stale: no node follows it.";
    default:
      return unreachable(standing);
  }
}

function Holders({ names }: { readonly names: readonly string[] }) {
  return (
    <Fact name="followed by" meaning="Nodes that have it on their branch">
      {names.length === 0 ? "no node" : <NodeLinks names={names} />}
    </Fact>
  );
}

/** Its own work, and the work of its branch since the start of the story. */
function WorkFact({ story, block }: BlockProps) {
  const [root] = story.blocks;
  const before = block.previous === null ? null : (story.block(block.previous)?.work ?? null);
  if (block.work === null) return null;
  const own = before === null ? null : block.work - before;
  const sinceRoot = block.work - (root?.work ?? 0n);
  return (
    <Fact name="work" meaning="Expected number of hashes to find it">
      {own === null
        ? `${workText(block.work)} hashes with all blocks before it`
        : `${workText(own)} hashes`}
      {own !== null && sinceRoot > own && (
        <span class="muted">{workText(sinceRoot)} with all blocks since the start</span>
      )}
    </Fact>
  );
}

function ProofFact({
  askedNode,
  path,
}: {
  readonly askedNode: string | null;
  readonly path: string;
}) {
  const facts = factsOf(useAsked(askedNode, path), blockFacts);
  if (facts === null) return null;
  return (
    <>
      <Fact name="nonce" meaning="The number that makes the hash small enough for the target">
        {facts.nonce}
      </Fact>
      <Fact name="difficulty" meaning="Relative to the easiest target that Bitcoin allows">
        {facts.difficulty.toPrecision(3)}
      </Fact>
    </>
  );
}

function Payments({ story, block }: BlockProps) {
  const { transactions, txids } = block;
  return (
    <section>
      <h3>
        {counted(transactions, "payment")}
        {txids.length > 0 && ", in coins"}
      </h3>
      {transactions === 0 && <p class="muted">Only the coinbase: the miner's reward.</p>}
      <ul class="inspector-list">
        {txids.map((txid) => (
          <PaymentRow key={txid} story={story} txid={txid} />
        ))}
      </ul>
      {transactions > txids.length && txids.length > 0 && (
        <p class="muted">and {transactions - txids.length} more: see Raw JSON</p>
      )}
    </section>
  );
}

function PaymentRow({ story, txid }: { readonly story: Story; readonly txid: Txid }) {
  const { from = null, to = null, value = null } = story.payment(txid) ?? {};
  return (
    <li>
      <TransactionLink txid={txid} />
      {from !== null && to !== null && (
        <span>
          {from} → {to}
        </span>
      )}
      {value !== null && <span class="number">{coinText(value)}</span>}
    </li>
  );
}
