/** Lint: what TypeScript's compiler leaves open, and the purity of the core (DESIGN: pure folders). */

import { defineConfig, globalIgnores } from "eslint/config";
import importSort from "eslint-plugin-simple-import-sort";
import tseslint from "typescript-eslint";

const sources = ["src/**/*.{ts,tsx}", "bin/**/*.ts"];
const pureSources = [
  ...["machine", "primitives", "theory", "consensus", "chain", "indexes", "mempool", "peers"],
  ...["node", "attacks", "protocols", "checkers", "explorer", "sim", "experiments"],
  ...["contract", "dashboard/story"],
].map((folder) => `src/${folder}/**/*.ts`);

const shapes = [
  {
    selector: "TSEnumDeclaration",
    message: "Write a union of string literals: an enum is code that types cannot erase.",
  },
  {
    selector: "ExportDefaultDeclaration, ExportSpecifier[exported.name='default']",
    message: "Export by name, so that one thing has one word everywhere.",
  },
  {
    selector: "ExportAllDeclaration",
    message: "Import from the file that defines it: barrels hide where things live.",
  },
];

/** Types that say a check was passed: whoever casts to one says so without the check. */
const evidence = ["TSAsExpression", "TSTypeAssertion", "TSTypePredicate"].map((claim) => ({
  selector: `${claim} TSTypeReference[typeName.name=/^(CheckedBlock|Placed(Body|Block)|TipChange)$/]`,
  message: "Only the function that checks makes this evidence: call it, or pass on what it gave.",
}));
const evidenceMakers = ["consensus/block.ts", "chain/records.ts", "chain/chain.ts"];

/** One block: what an import runs for its effects, Node's modules, packages, our files. */
const importGroups = [["^\\u0000", "^node:", "^@?\\w", "^\\."]];

const waiting = "The core never waits. Return an effect; io/ carries it out, sim/ in virtual time.";
const pureShapes = [
  { selector: "AwaitExpression, ForOfStatement[await=true]", message: waiting },
  { selector: ":function[async=true]", message: waiting },
  { selector: "TSTypeReference[typeName.name=/^(Promise|PromiseLike)$/]", message: waiting },
  {
    selector: "CallExpression[callee.property.name=/^(localeCompare|toLocale\\w*)$/]",
    message: "The answer depends on the machine's language. Compare with < and format by hand.",
  },
];

const noClock = "The core asks no clock. Take `now` as an argument.";
const noTimer = "The core does not sleep. Return a `wake` effect.";
const noOutput = "The core does not print. Return a `news` effect.";
const noHost = "The core does not know where it runs. Take what you need as an argument.";
const noDice = "The core rolls no dice. Take a seeded Random as an argument.";
const pureGlobals = [
  { name: "Promise", message: waiting },
  { name: "queueMicrotask", message: waiting },
  { name: "fetch", message: waiting },
  { name: "Date", message: noClock },
  { name: "performance", message: noClock },
  { name: "setTimeout", message: noTimer },
  { name: "setInterval", message: noTimer },
  { name: "setImmediate", message: noTimer },
  { name: "console", message: noOutput },
  { name: "process", message: noHost },
  { name: "globalThis", message: noHost },
  { name: "Intl", message: noHost },
  { name: "Buffer", message: "Use Uint8Array: the core also runs where there is no Buffer." },
  { name: "crypto", message: noDice },
];

export default defineConfig(
  globalIgnores(["dist/", "coverage/", "native/", "test/vectors/**/*.json"]),
  {
    files: ["**/*.{ts,tsx,js,mjs}"],
    plugins: { "import-sort": importSort },
    rules: {
      "import-sort/imports": ["error", { groups: importGroups }],
      "no-duplicate-imports": "error",
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: "error",
      "no-else-return": "error",
      "no-var": "error",
      "prefer-const": "error",
      "max-lines": ["error", { max: 400 }],
      "no-restricted-syntax": ["error", ...shapes],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // `reject(signal.reason)` hands on what the caller of abort() chose.
      "@typescript-eslint/prefer-promise-reject-errors": ["error", { allowThrowingAny: true }],
      // A method of an asynchronous port may have nothing to wait for.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: sources,
    rules: {
      "no-restricted-syntax": ["error", ...shapes, ...evidence],
      // A table may be longer: disable the rule on its line, and say there what makes it one.
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
    },
  },
  {
    files: pureSources,
    rules: {
      "no-restricted-syntax": ["error", ...shapes, ...pureShapes, ...evidence],
      "no-restricted-globals": ["error", ...pureGlobals],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: noDice },
      ],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "^node:", message: noHost },
            { regex: "^@noble/", importNames: ["randomBytes"], message: noDice },
          ],
        },
      ],
    },
  },
  {
    files: evidenceMakers.map((file) => `src/${file}`),
    rules: { "no-restricted-syntax": ["error", ...shapes, ...pureShapes] },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "max-lines": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      // A test reads JSON that it checks in the next line.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    // The tools that read these files ask for a default export.
    files: ["*.config.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
);
