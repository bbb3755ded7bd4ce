// Runs the tests in two turns: the many side by side, then those that send load or time processes, one file at a time,
// because a neighbour's work would make the load generator late and its runs, rightly, invalid.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import path from "node:path";

const flags = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const patterns =
  paths.length > 0
    ? paths.map(toPattern)
    : ["packages/**/*.test.ts", "apps/**/*.test.ts", "examples/**/*.test.ts", "test/**/*.test.ts"];
const files = globSync(patterns).map((file) => file.replaceAll("\\", "/"));
/** End to end, but none of these measures: they wait for what happens, however long it takes. */
const waitsOnly =
  /^test\/(?:bad-input|built-service|bundled-command|client-node|hopeless-app|kubectl|web-page)\.test\.ts$/;
/** Those that send load, measure time, or start many processes at once. */
const measures =
  /(^|\/)test\/[^/]+\.test\.ts$|packages\/load\/src\/(generator|process|transport)\/|packages\/service\/src\/(lifecycle|frameworks|probes|service\.test)|apps\/httpserver\/src\/(main|start-servers|web-socket|routes\/delay)|examples\/|test\/systems\/|pod-runtime|start-nodes/;
const isAlone = (file) => !waitsOnly.test(file) && measures.test(file);

/** A test that fails may leave something running that keeps its process alive. */
const mostMinutes = 15;
const turns = [
  { concurrency: 2, files: files.filter((file) => !isAlone(file)) },
  { concurrency: 1, files: files.filter(isAlone) },
];
/** Each file of tests is a process of its own, and most load the same modules, which are stripped of types and compiled once. */
const env = { ...process.env, NODE_COMPILE_CACHE: path.resolve("node_modules/.cache/seaworthy-tests") };
let exitCode = files.length === 0 ? 1 : 0;
for (const turn of turns) {
  if (turn.files.length === 0) continue;
  const args = ["--disable-warning=ExperimentalWarning", "--test", `--test-concurrency=${turn.concurrency}`];
  const { status, error } = spawnSync(process.execPath, [...args, ...flags, ...turn.files.sort()], {
    stdio: "inherit",
    env,
    timeout: mostMinutes * 60_000,
  });
  if (error !== undefined)
    process.stderr.write(`the tests did not end in ${mostMinutes} minutes: ${error.message}\n`);
  exitCode = Math.max(exitCode, status ?? 1);
}
process.exitCode = exitCode;

/** A folder stands for the tests in it. */
function toPattern(argument) {
  const isFolder = existsSync(argument) && statSync(argument).isDirectory();
  return isFolder ? path.posix.join(argument.replaceAll("\\", "/"), "**/*.test.ts") : argument;
}
