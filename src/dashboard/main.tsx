/** Opens the page. */

import { render } from "preact";
import { App } from "./app.tsx";
import { openDashboard } from "./open-dashboard.ts";
import { readPageFacts } from "./page-facts.ts";

const root = document.getElementById("page");
if (root === null) throw new Error("the page has no place for itself");
render(<App dashboard={openDashboard(readPageFacts(document))} />, root);
