/** The store of a node's folder, in the format of this program. */

import { join } from "node:path";
import { formatNumber, formatOf, formatWrite, NewerFormatError } from "./format.ts";
import { type LevelStore, openLevelStore } from "./level-store.ts";
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
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function writeNumber(store: LevelStore): Promise<void> {
  const batch = [formatWrite()];
  store.commit(batch);
  await store.persist(batch);
}
