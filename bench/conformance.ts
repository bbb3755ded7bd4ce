/**
 * Runs specs of Kubernetes' own end-to-end suite against the embedded cluster, and writes down which ones it passes
 * (bench/conformance/results.generated.json), from where docs/fidelity.md has its table.
 *
 * usage: E2E_TEST=FILE GINKGO=FILE E2E_PROGRAMS=FOLDER node bench/conformance.ts [--groups LIST] [--only REGEX] [--all]
 *          [--procs N] [--minutes N] [--log]
 *        … node bench/conformance.ts --slice
 *
 * E2E_TEST names the suite (`make WHAT=test/e2e/e2e.test` in Kubernetes' repository, or e2e.test of its test tarball), GINKGO
 * the runner beside it, E2E_PROGRAMS a folder of programs that its images are run by (bench/conformance/make-programs.sh).
 *
 * Each group has a cluster of its own and `--minutes` (default 40). What is not chosen by `--groups` and `--only` keeps what
 * was written down of it. Specs that are known not to be met are not run (bench/conformance/unmet.ts), unless with `--all`.
 * `--slice` runs a few specs of every group, writes nothing down, and fails when one of them does.
 */
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Cluster } from "@seaworthy/cluster";
import { programsIn } from "./conformance/programs.ts";
import type { SpecResult } from "./conformance/read-specs.ts";
import { runSuite } from "./conformance/run-suite.ts";
import { slice } from "./conformance/slice.ts";

const everyGroup = "api-machinery,apps,auth,cli,instrumentation,network,node,scheduling,storage";
const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    groups: { type: "string", default: everyGroup },
    log: { type: "boolean", default: false },
    minutes: { type: "string", default: "40" },
    only: { type: "string", default: "" },
    procs: { type: "string", default: "6" },
    slice: { type: "boolean", default: false },
  },
});
const { E2E_TEST: suite, GINKGO: runner, E2E_PROGRAMS: programs } = process.env;
if (suite === undefined || runner === undefined || programs === undefined) {
  process.stdout.write(
    "not run: E2E_TEST, GINKGO and E2E_PROGRAMS have to name Kubernetes' suite, its runner, and the programs of its images\n",
  );
  process.exit(0);
}
// What the suite's commands find in their images, they find here behind what this machine has.
process.env["PATH"] = `${process.env["PATH"]}${delimiter}${join(resolve(programs), "bin")}`;

const file = "bench/conformance/results.generated.json";
const groups = values.slice ? [values.groups.replaceAll(",", "|")] : values.groups.split(",");
for (const group of groups) {
  const specs = await runGroup(group, {
    suite: resolve(suite),
    runner: resolve(runner),
    programs: resolve(programs),
  });
  const failed = specs.filter(({ failure }) => failure !== undefined);
  for (const { name, failure } of failed) process.stdout.write(`FAIL ${name}\n     ${failure}\n`);
  process.stdout.write(`sig-${group}: ${specs.length - failed.length} of ${specs.length} specs passed\n`);
  if (!values.slice) await writeDown(specs);
  else if (failed.length > 0 || specs.length === 0) process.exitCode = 1;
}

async function runGroup(
  group: string,
  { suite, runner, programs }: { suite: string; runner: string; programs: string },
): Promise<SpecResult[]> {
  await using cluster = await Cluster.start({ profile: "instant", nodes: 2, run: programsIn(programs) });
  const heading = `\\[sig-(?:${group})\\]`;
  return await runSuite({
    suite,
    runner,
    kubeconfig: cluster.kubeconfigPath,
    focus: values.slice
      ? `${heading} (?:${slice.join("|")}).*\\[Conformance\\]`
      : `${heading}.*${values.only}.*\\[Conformance\\]`,
    procs: Number(values.procs),
    minutes: values.slice ? 5 : Number(values.minutes),
    withUnmet: values.all,
    withLog: values.log,
  });
}

async function writeDown(specs: readonly SpecResult[]): Promise<void> {
  const before = JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
  const now = {
    ...before,
    ...Object.fromEntries(specs.map(({ name, failure }) => [name, failure ?? "passed"])),
  };
  const sorted = Object.entries(now).toSorted(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(file, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
}
