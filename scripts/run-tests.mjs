// Runs the tests in four turns, so that none is in the way of another: those that compute, a process for many files and one
// for each core; those that wait, more of them at a time; trials with little load, two at a time, because pods yield the
// processor to the load (docs/decisions/0023); then those that measure, one file at a time, because a neighbour's work would
// make what they measure late, and their runs, rightly, invalid.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { batchTests } from "./batch-tests.mjs";

const words = process.argv.slice(2);
const durations = "--durations";
const onlyLong = words.includes("--long");
const flags = words.filter((word) => word.startsWith("-") && word !== durations && word !== "--long");
const paths = words.filter((word) => !word.startsWith("-"));
if (words.includes(durations)) {
  for (const reporter of ["spec", path.resolve("scripts/durations-reporter.mjs")])
    flags.push(`--test-reporter=${reporter}`, "--test-reporter-destination=stdout");
}
const patterns =
  paths.length > 0
    ? paths.map(toPattern)
    : ["packages/**/*.test.ts", "apps/**/*.test.ts", "examples/**/*.test.ts", "test/**/*.test.ts"];
/** Whole systems, scenarios and packages, of which the others try a slice: too long to wait for after each change. */
const long =
  /^test\/(?:trial-scenarios|request-mix|config-reload)\.test\.ts$|^test\/(?:fidelity|packages)\/|^test\/systems\/(?!lesser)|^test\/trial\/(?:busy|careless-mended|grpc|hpa|pod-kill|streams)|^test\/edge\/ingress-tls|^test\/check\/(?:ci-examples|prove)|^test\/nodes\/drain-under/;
const found = globSync(patterns).map((file) => file.replaceAll("\\", "/"));
const files = paths.length > 0 ? found : found.filter((file) => long.test(file) === onlyLong);
/** Those that send much load, measure time, start many processes at once, or touch a source, after which all others bundle anew. */
const measures =
  /^test\/(?:bundled-command|config-reload|fuzz-httpserver|prometheus)\.test\.ts$|^test\/packages\/|^test\/systems\/wordpress|packages\/load\/src\/(generator|process|transport)\/|packages\/service\/src\/(lifecycle|frameworks|probes|service\.test)|apps\/httpserver\/src\/(main|start-servers|web-socket|routes\/delay)|pod-runtime|start-nodes/;
/** Those that roll pods under a load that two cores send with ease, and wait for them most of their time. */
const trials =
  /^test\/(?:trial|trial-scenarios|request-mix|targets|manifest-folders)\.test\.ts$|^test\/(?:edge|trial)\/|^test\/check\/(?:ci-examples|prove)|^test\/nodes\/drain-under|^examples\//;
/** End to end: they wait for what happens, however long it takes. */
const waits = /^test\/|^packages\/trial\/src\/scenarios\/scenarios/;
const turnOf = (file) =>
  measures.test(file) ? "measures" : trials.test(file) ? "trials" : waits.test(file) ? "waits" : "computes";
const turns = Map.groupBy(files.sort(), turnOf);

/** A test that fails may leave something running that keeps its process alive. */
const mostMinutes = 25;
const cores = Math.max(2, availableParallelism());
/** Each process loads many modules, which are stripped of types and compiled once. */
const env = { ...process.env, NODE_COMPILE_CACHE: path.resolve("node_modules/.cache/seaworthy-tests") };
let exitCode = files.length === 0 ? 1 : 0;
const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-tests-"));
try {
  run(batchTests(turns.get("computes") ?? [], folder), cores);
  run(turns.get("waits") ?? [], 2 * cores);
  run(turns.get("trials") ?? [], Math.min(2, availableParallelism()));
  run(turns.get("measures") ?? [], 1);
} finally {
  rmSync(folder, { recursive: true });
}
if (files.length < found.length && !onlyLong)
  process.stdout.write(
    `left out: ${found.length - files.length} files that take long; npm test -- --long runs them\n`,
  );
process.exitCode = exitCode;

function run(these, concurrency) {
  if (these.length === 0) return;
  const args = ["--disable-warning=ExperimentalWarning", "--test", `--test-concurrency=${concurrency}`];
  const { status, error } = spawnSync(process.execPath, [...args, ...flags, ...these], {
    stdio: "inherit",
    env,
    timeout: mostMinutes * 60_000,
  });
  if (error !== undefined)
    process.stderr.write(`the tests did not end in ${mostMinutes} minutes: ${error.message}\n`);
  exitCode = Math.max(exitCode, status ?? 1);
}

/** A folder stands for the tests in it. */
function toPattern(argument) {
  const isFolder = existsSync(argument) && statSync(argument).isDirectory();
  return isFolder ? path.posix.join(argument.replaceAll("\\", "/"), "**/*.test.ts") : argument;
}
