/** The store of a node's folder, in the format of this program. */

import { join } from "node:path";
import { chainKey, decodeChainRecord } from "../../chain/records.ts";
import type { Params } from "../../consensus/params.ts";
import { readIndexState } from "../../indexes/index-state.ts";
import { formatNumber, formatOf, formatWrite, NewerFormatError } from "./format.ts";
import { type LevelStore, openLevelStore } from "./level-store.ts";
import { DamagedStoreError } from "./scrub.ts";
import { needsUpgrade, type UpgradeOptions, upgradeStore } from "./upgrade.ts";

/**
 * Opens it, and makes it or brings it up to date first if need be.
 *
 * @param folder belongs to this process alone.
 * @throws NewerFormatError, DamagedStoreError, WrongChainError, UpgradeInterruptedError
 */
export async function openChainStore(folder: string, options: UpgradeOptions): Promise<LevelStore> {
  const store = await openLevelStore(join(folder, "chain"));
  try {
    const found = formatOf(store);
    if (found !== undefined && found > formatNumber) throw new NewerFormatError(folder, found);
    if (found === undefined) await writeNumber(store);
    else if (needsUpgrade(store)) await upgradeStore(store, folder, options);
    checkIndexEnd(store, join(folder, "chain"), options.params);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Chain and index move in one batch: where they part, a record is lost, and look-ups would lie. */
function checkIndexEnd(store: LevelStore, folder: string, { genesisHash }: Params): void {
  const record = store.get(chainKey);
  const { genesis, tip } = record
    ? decodeChainRecord(record)
    : { genesis: genesisHash, tip: genesisHash };
  if (genesis !== genesisHash) return; // another network's chain, which the chain itself refuses
  const indexed = readIndexState(store)?.hash ?? genesisHash;
  if (indexed === tip) return;
  throw new DamagedStoreError(folder, `its index ends at block ${indexed}, its chain at ${tip}`);
}

async function writeNumber(store: LevelStore): Promise<void> {
  const batch = [formatWrite()];
  store.commit(batch);
  await store.persist(batch);
}
