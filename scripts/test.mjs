// `npm test`: every test. Flags are passed on to node --test, and paths replace the default ones: npm test -- packages/kube
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { ensureInstalled, root, runNode } from "./ensure.mjs";

ensureInstalled();
const extra = process.argv.slice(2);
const flags = extra.filter((argument) => argument.startsWith("-"));
const paths = extra.filter((argument) => !argument.startsWith("-")).map(toPattern);
const patterns =
  paths.length > 0 ? paths : ["packages/**/*.test.ts", "apps/**/*.test.ts", "test/**/*.test.ts"];
process.chdir(root);
runNode(["--test", "--test-concurrency=2", ...flags, ...patterns]);

/** A folder stands for the tests in it. */
function toPattern(argument) {
  const isFolder = existsSync(argument) && statSync(argument).isDirectory();
  return isFolder ? path.posix.join(path.resolve(argument).replaceAll("\\", "/"), "**/*.test.ts") : argument;
}
