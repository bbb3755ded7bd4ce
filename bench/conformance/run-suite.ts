import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSpecs, type SpecResult } from "./read-specs.ts";
import { unmet } from "./unmet.ts";

/** What is to be run of the suite, and how. */
export interface SuiteRun {
  readonly suite: string;
  readonly runner: string;
  readonly kubeconfig: string;
  /** Which specs, as the runner's regular expression over their names. */
  readonly focus: string;
  readonly procs: number;
  /** After so long the runner ends what runs, and leaves out the rest. */
  readonly minutes: number;
  /** Whether specs that are known not to be met are run all the same. */
  readonly withUnmet: boolean;
  /** Whether the runner's own output is shown. */
  readonly withLog: boolean;
}

/** Runs conformance specs, the serial and the disruptive ones left out, and says how each of them ended. */
export async function runSuite(run: SuiteRun): Promise<SpecResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-conformance-"));
  try {
    const child = spawn(run.runner, argumentsOf(run, folder), {
      stdio: ["ignore", run.withLog ? "inherit" : "ignore", "inherit"],
      cwd: folder,
    });
    await once(child, "exit");
    const report = await readFile(join(folder, "junit.xml"), "utf8");
    return readSpecs(report, new RegExp(run.focus));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function argumentsOf(
  { suite, kubeconfig, focus, procs, minutes, withUnmet }: SuiteRun,
  folder: string,
): string[] {
  const skip = ["\\[Serial\\]", "\\[Disruptive\\]"];
  // Go's regular expressions write the flag inside.
  if (!withUnmet)
    skip.push(
      ...unmet.map(({ specs: { source, flags } }) => (flags.includes("i") ? `(?i:${source})` : source)),
    );
  return [
    "--no-color",
    `--procs=${procs}`,
    `--timeout=${minutes}m`,
    `--focus=${focus}`,
    `--skip=${skip.join("|")}`,
    `--output-dir=${folder}`,
    "--junit-report=junit.xml",
    suite,
    "--",
    `--kubeconfig=${kubeconfig}`,
    "--provider=skeleton",
    "--allowed-not-ready-nodes=-1",
    "--dump-logs-on-failure=false",
  ];
}
