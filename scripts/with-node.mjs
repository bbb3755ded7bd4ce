// Runs a script of the repository with its dependencies installed and a Node that can run TypeScript:
// node scripts/with-node.mjs scripts/check.ts [argument…]
import path from "node:path";
import { ensureInstalled, runMain } from "./ensure.mjs";

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  process.stderr.write("usage: node scripts/with-node.mjs SCRIPT [ARGUMENT…]\n");
  process.exit(2);
}
ensureInstalled();
await runMain(path.resolve(script), args);
