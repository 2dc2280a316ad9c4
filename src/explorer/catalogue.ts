/** All that can be explored, by name: the published models, then the protocols of this program. */

import type { Entry } from "./engine/entry.ts";
import { publishedModels } from "./models/published-models.ts";
import { protocolEntries } from "./processes/protocol-entries.ts";

export const entries: readonly Entry[] = [
  ...publishedModels,
  ...protocolEntries(publishedModels.map(({ name }) => name)),
];
