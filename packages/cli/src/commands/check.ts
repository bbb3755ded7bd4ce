import { readSets, type ReadSets } from "@seaworthy/app";
import { checkSets, compareBaseline, formatBaseline, type CheckResult } from "@seaworthy/check";
import { formatNotice, SeaworthyError } from "@seaworthy/errors";
import { formats } from "../check/format-result.ts";
import { isSerious, readCheckPlan, type CheckPlan } from "../check/read-check-plan.ts";
import { writeFileWhole } from "../check/write-file-whole.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { expandGlobs } from "../manifests/expand-globs.ts";
import { manifestOptions } from "../manifests/manifest-options.ts";
import { paintFor } from "../output/paint.ts";
import { reportError } from "../report-error.ts";
import { version } from "../version.ts";

/** `seaworthy check`: exit 0 when nothing serious is found, 1 when something is, 2 when something cannot be read. */
export async function run({ args, flags }: CommandInput, context: CommandContext): Promise<number> {
  const { stdout, stderr, cwd } = context;
  const paths = await expandGlobs(args.length === 0 ? ["."] : args, cwd);
  const plan = await readCheckPlan(flags, paths, cwd);
  const input = await readSets(paths, manifestOptions(context, "check"));
  if (isNothing(input)) throw nothingToCheck(paths);
  for (const notice of input.notices)
    stderr.write(`! ${formatNotice(notice, { all: flags["verbose"] === true })}\n`);
  const result = await check(input, plan);
  if (plan.baseline?.writes === true) {
    await writeFileWhole(plan.baseline.file, formatBaseline(result.findings));
    stderr.write(
      `  ${result.findings.length} findings are in ${plan.baseline.file}, and are not told again\n`,
    );
  } else {
    const telling = { paint: paintFor(stdout), width: columnsOf(stdout) };
    stdout.write(formats[textFlag(flags, "output") ?? "text"]!(result, telling));
  }
  if (input.failures.length > 0) return reportError(new AggregateError(input.failures), false, context);
  if (plan.baseline?.writes === true) return 0;
  return result.findings.some((finding) => isSerious(finding, plan.failOn)) ? 1 : 0;
}

async function check(input: ReadSets, plan: CheckPlan): Promise<CheckResult> {
  const { findings, ignored } = await checkSets(input, plan);
  const { fresh, known, gone } = compareBaseline(findings, plan.baseline?.known ?? { findings: [] });
  return {
    version,
    profile: plan.profile,
    rules: plan.rules,
    objects: input.sets.reduce((sum, { manifests }) => sum + manifests.length, 0),
    files: input.sets.flatMap(({ sources }) => sources.map(({ name }) => name)),
    findings: fresh,
    ignored,
    known,
    gone,
    failures: input.failures,
  };
}

/** A screen is as wide as it is, within what reads well; text for a file or a pipe is made for the usual one. */
function columnsOf(stream: { readonly columns?: number }): number {
  return Math.min(120, Math.max(40, stream.columns ?? 80));
}

function isNothing({ sets, problems, failures }: ReadSets): boolean {
  return problems.length + failures.length === 0 && sets.every(({ manifests }) => manifests.length === 0);
}

function nothingToCheck(paths: readonly string[]): SeaworthyError {
  return new SeaworthyError("SW1004", `no Kubernetes object in ${paths.join(", ")}`, {
    next: ["give the file or folder with your Kubernetes manifests: seaworthy check k8s/"],
  });
}
