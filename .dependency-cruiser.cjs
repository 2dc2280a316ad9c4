/** Who may import whom: the layers of DESIGN, checked by `npm run lint`. */

const pure = [
  ...["machine", "primitives", "theory", "consensus", "chain", "indexes", "mempool", "peers"],
  ...["node", "attacks", "protocols", "checkers", "explorer", "sim", "experiments"],
];
const beforeNode = ["machine", "primitives", "consensus", "chain"];
const upToAttacks = [...beforeNode, "indexes", "mempool", "peers", "node", "attacks", "theory"];
const upToProtocols = [...upToAttacks, "protocols", "checkers"];

/** Each room of src with the rooms it may import from, itself aside; some rooms are still to come. */
const layers = {
  machine: ["primitives/brand.ts"],
  primitives: [],
  theory: [],
  consensus: ["machine", "primitives"],
  chain: ["machine", "primitives", "consensus"],
  mempool: beforeNode,
  peers: beforeNode,
  indexes: beforeNode,
  node: [...beforeNode, "indexes", "mempool", "peers"],
  attacks: [...beforeNode, "mempool", "peers", "node", "theory"],
  protocols: ["machine", "primitives"],
  checkers: ["primitives/verdict.ts"],
  explorer: ["machine", "primitives", "protocols", "checkers"],
  sim: upToProtocols,
  experiments: [...upToProtocols, "explorer", "sim"],
  contract: ["primitives", "theory", "attacks"],
  io: [...upToAttacks, "protocols", "contract"],
  lab: [...upToProtocols, "sim", "experiments", "io", "wallet", "contract"],
  wallet: ["primitives", "contract"],
  dashboard: [
    ...["primitives/amount.ts", "primitives/brand.ts", "primitives/figures.ts"],
    ...["primitives/verdict.ts", "theory", "attacks", "contract"],
    ...["primitives/random.ts", "sim", "protocols", "checkers"],
  ],
};

const rooms = Object.keys(layers);

/** A pattern for the paths of these rooms. */
function inside(names) {
  const alternatives = names.map((name) => (name.endsWith(".ts") ? name : `${name}/`));
  return `^src/(${alternatives.join("|").replaceAll(".", "\\.")})`;
}

const layerRules = rooms.map((room) => ({
  name: `layer-of-${room}`,
  severity: "error",
  comment: `${room} may import from: ${layers[room].join(", ") || "nothing else in src"}.`,
  from: { path: inside([room]) },
  to: { path: "^src/", pathNot: inside([room, ...layers[room]]) },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "room-without-layer",
      severity: "error",
      comment: "A new folder or file of src gets its row in .dependency-cruiser.cjs first.",
      from: { path: "^src/", pathNot: inside(rooms) },
      to: {},
    },
    {
      name: "page-carries-no-node",
      severity: "error",
      comment:
        "What an attack is called, asks and expects is known without a node: its behaviour is not, " +
        "and would bring the whole node into the page.",
      from: { path: "^src/dashboard/main\\.tsx$" },
      to: { path: inside(["consensus", "chain", "mempool", "peers", "node"]), reachable: true },
    },
    {
      name: "page-leaves-runs-to-its-worker",
      severity: "error",
      comment:
        "The worker has the simulator, and is loaded when a protocol is asked for; the page itself " +
        "takes types of it only.",
      from: { path: "^src/dashboard/", pathNot: "^src/dashboard/simulator/" },
      to: {
        path: inside(["sim", "protocols", "checkers", "primitives/random.ts"]),
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "page-starts-no-run-itself",
      severity: "error",
      comment: "Of the simulator's folder the page takes settings, schedules and types only.",
      from: { path: "^src/dashboard/", pathNot: "^src/dashboard/simulator/" },
      to: {
        path: "^src/dashboard/simulator/",
        pathNot: "^src/dashboard/simulator/(run-settings|schedule)\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "nothing-imports-bin",
      severity: "error",
      comment:
        "bin/ only composes: move what you need from there into src; tests of the help may read it.",
      from: { pathNot: "^(bin|test/(bin|e2e|clients))/" },
      to: { path: "^bin/" },
    },
    {
      name: "no-test-in-program",
      severity: "error",
      comment: "The program works without its tests; only `powlab bench` runs some of them.",
      from: { path: "^(src|bin)/", pathNot: "^bin/commands/bench\\.ts$" },
      to: { path: "^test/" },
    },
    {
      name: "no-circle",
      severity: "error",
      comment: "Two files that need each other are one file, or lack a third.",
      from: {},
      to: { circular: true },
    },
    {
      name: "pure-knows-no-host",
      severity: "error",
      comment: "The pure folders import nothing of Node: return an effect instead.",
      from: { path: inside(pure) },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "engine-knows-no-chain",
      severity: "error",
      comment: "The engine hosts any machine: what only the chain has belongs to sim/chain-world/.",
      from: { path: "^src/sim/engine/" },
      to: { path: "^src/", pathNot: "^src/(sim/engine|machine|primitives)/" },
    },
    {
      name: "story-is-pure",
      severity: "error",
      comment:
        "What the page knows is computed without a browser: so it can be tested and replayed.",
      from: { path: "^src/dashboard/story/" },
      to: { path: "(^src/dashboard/(?!story/)|node_modules/)" },
    },
    {
      name: "queries-know-no-door",
      severity: "error",
      comment: "A query answers facts; HTTP and every later door words them in shapes of its own.",
      from: { path: "^src/io/queries/" },
      to: { path: "(^src/(io/http|contract)/|node_modules/(express|zod)/)" },
    },
    {
      name: "pure-libraries",
      severity: "error",
      comment: "The pure folders use only @noble/* and @scure/base: small, synchronous, audited.",
      from: { path: inside(pure) },
      to: { path: "node_modules/", pathNot: "node_modules/(@noble/|@scure/base/)" },
    },
    {
      name: "no-development-library",
      severity: "error",
      comment:
        "Whoever installs powlab does not get devDependencies; the page is built with its own inside, " +
        "and what builds is run before.",
      from: { path: "^(src|bin)/", pathNot: "^(src/dashboard/|bin/ensure\\.mjs$)" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-undeclared-library",
      severity: "error",
      comment: "Name the library in package.json: others' dependencies come and go.",
      from: { path: "^(src|bin)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-missing-import",
      severity: "error",
      comment: "There is no such file or library; a test may import powlab as others do.",
      from: {},
      to: { couldNotResolve: true, pathNot: "^powlab$" },
    },
    {
      name: "no-drawer-name",
      severity: "error",
      comment: "A file is one noun: these names say nothing, and anything ends up in them.",
      from: {},
      to: {
        path: "/(utils?|helpers?|common|types?|core|shared|index)(/|\\.tsx?$)",
        pathNot: "node_modules/",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
