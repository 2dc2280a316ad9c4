/** All that can be explored, by name. */

import type { Entry } from "./entry.ts";
import { publishedModels } from "./models/published-models.ts";

export const entries: readonly Entry[] = publishedModels;
