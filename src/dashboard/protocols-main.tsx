/** Opens the page for protocols. */

import "./page.css";
import { render } from "preact";
import { readPlaceBeside } from "./protocols/place-beside.ts";
import { decodePageAddress } from "./protocols/run/page-address.ts";
import { keepAddress } from "./protocols/state/keep-address.ts";
import { ProtocolPage } from "./protocols/state/protocol-page.ts";
import { WorkerSimulator } from "./protocols/state/worker-simulator.ts";
import { ProtocolsApp } from "./protocols/views/protocols-app.tsx";
import { keepTheme } from "./state/theme.ts";

const root = document.getElementById("page");
if (root === null) throw new Error("protocols.html has no element with the id page");
const page = new ProtocolPage(new WorkerSimulator(), decodePageAddress(location.hash));
keepAddress(page);
const draw = (nowMs: number) => {
  page.advance(nowMs);
  requestAnimationFrame(draw);
};
requestAnimationFrame(draw);
const beside = readPlaceBeside(document);
render(<ProtocolsApp page={page} theme={keepTheme()} beside={beside} />, root);
