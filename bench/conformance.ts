/**
 * Runs specs of Kubernetes' own end-to-end suite against the embedded cluster, and writes down which ones it passes
 * (bench/conformance/results.generated.json), from where docs/fidelity.md has its table.
 *
 * usage: E2E_TEST=FILE GINKGO=FILE node bench/conformance.ts [--all] [--only REGEX] [--procs N] [--run IMAGE=COMMAND]…
 *
 * E2E_TEST names the suite (`make WHAT=test/e2e/e2e.test` in Kubernetes' repository, or e2e.test of its test tarball), GINKGO
 * the runner beside it. With `--only` the other specs keep what was written down of them. Specs that are known not to be met are not run (bench/conformance/unmet.ts), unless with `--all`.
 * `--run` maps an image of the suite to a program, as in `seaworthy up`: without, Jobs of a shell never end.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Cluster } from "@seaworthy/cluster";
import { unmet } from "./conformance/unmet.ts";
import { readSpecs, type SpecResult } from "./conformance/read-specs.ts";

const { E2E_TEST: suite, GINKGO: ginkgo } = process.env;
const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    procs: { type: "string", default: "6" },
    run: { type: "string", multiple: true, default: [] },
  },
});
if (suite === undefined || ginkgo === undefined) {
  process.stderr.write("not run: E2E_TEST and GINKGO have to name Kubernetes' suite and its runner\n");
  process.exit(0);
}

const groups = "\\[sig-(api-machinery|apps|auth|cli|instrumentation)\\]";
const folder = await mkdtemp(join(tmpdir(), "seaworthy-conformance-"));
const wanted = new RegExp(values.only);
const specs = (await runSuite(suite, ginkgo)).filter(({ name }) => wanted.test(name));
await rm(folder, { recursive: true, force: true });
const passed = specs.filter(({ failure }) => failure === undefined);
for (const { name, failure } of specs.filter((spec) => spec.failure !== undefined))
  process.stdout.write(`FAIL ${name}\n     ${failure}\n`);
process.stdout.write(`${passed.length} of ${specs.length} specs passed\n`);
const file = "bench/conformance/results.generated.json";
const before = values.only === "" ? {} : (JSON.parse(await readFile(file, "utf8")) as Record<string, string>);
const results = {
  ...before,
  ...Object.fromEntries(specs.map(({ name, failure }) => [name, failure ?? "passed"])),
};
await writeFile(file, `${JSON.stringify(results, null, 1)}\n`);

async function runSuite(program: string, runner: string): Promise<SpecResult[]> {
  const run = Object.fromEntries(
    values.run.map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
  await using cluster = await Cluster.start({ profile: "instant", nodes: 2, run });
  const skip = ["\\[Serial\\]", "\\[Disruptive\\]"];
  // Go's regular expressions write the flag inside.
  if (!values.all)
    skip.push(
      ...unmet.map(({ specs: { source, flags } }) => (flags.includes("i") ? `(?i:${source})` : source)),
    );
  const args = [
    "--no-color",
    `--procs=${values.procs}`,
    "--timeout=20m",
    `--focus=${groups}.*${values.only}.*\\[Conformance\\]`,
    `--skip=${skip.join("|")}`,
    `--output-dir=${folder}`,
    "--junit-report=junit.xml",
    program,
    "--",
    `--kubeconfig=${cluster.kubeconfigPath}`,
    "--provider=skeleton",
    "--allowed-not-ready-nodes=-1",
    "--dump-logs-on-failure=false",
  ];
  const child = spawn(runner, args, { stdio: ["ignore", "ignore", "inherit"], cwd: folder });
  await once(child, "exit");
  return readSpecs(
    await readFile(join(folder, "junit.xml"), "utf8"),
    new RegExp(`^${groups}.*\\[Conformance\\]`),
  );
}
