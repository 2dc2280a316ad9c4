/** Opens the page. */

import { render } from "preact";
import { App } from "./app.tsx";
import { openDashboard } from "./open-dashboard.ts";
import { readPageFacts } from "./page-facts.ts";

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has no element with the id page");
render(<App dashboard={openDashboard(readPageFacts(document))} />, root);
