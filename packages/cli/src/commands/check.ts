import {
  checkSets,
  compareBaseline,
  fixSets,
  unifiedDiff,
  type Checked,
  type CheckResult,
  type FixedSets,
  type Reported,
} from "@seaworthy/check";
import { exitCodes, formatNotice, SeaworthyError } from "@seaworthy/errors";
import { writeBaselineFile, type BaselineFile } from "../check/baseline-file.ts";
import { formats } from "../check/format-result.ts";
import { isSerious, readCheckPlan, type CheckPlan } from "../check/read-check-plan.ts";
import { countObjects, readInput, type CheckInput } from "../check/read-input.ts";
import { rejectConflicts } from "../check/reject-conflicts.ts";
import { explain, listRules } from "../check/show-rules.ts";
import { watchChecks } from "../check/watch-checks.ts";
import { writeFixes } from "../check/write-fixes.ts";
import type { CommandContext, CommandInput, FlagValues } from "../command.ts";
import { listFlag, textFlag } from "../flag-values.ts";
import { expandGlobs } from "../manifests/expand-globs.ts";
import { countsText, number } from "../output/check-text.ts";
import { tellingFor } from "../output/telling-for.ts";
import { reportError } from "../report-error.ts";
import { version } from "../version.ts";

/** `seaworthy check`: exit 0 when nothing serious is found, 1 when something is, 2 when something cannot be read. */
export async function run({ args, flags }: CommandInput, context: CommandContext): Promise<number> {
  const { stdout } = context;
  const explained = textFlag(flags, "explain");
  if (explained !== undefined || flags["list-rules"] === true) {
    stdout.write(
      explained === undefined ? listRules(textFlag(flags, "output") === "json") : await explain(explained),
    );
    return 0;
  }
  rejectConflicts({ args, flags });
  const named = args.length === 0 ? ["."] : args;
  const check = (inner: CommandContext) => checkOnce({ args: named, flags }, inner);
  const watched = [...named, ...listFlag(flags, "baseline")];
  return flags["watch"] === true ? await watchChecks(watched, check, context) : await check(context);
}

async function checkOnce({ args, flags }: CommandInput, context: CommandContext): Promise<number> {
  const { stdout, stderr, cwd } = context;
  const paths = await expandGlobs(args, cwd);
  const chosen = await readCheckPlan(flags, paths, cwd);
  const input = await readInput(paths, flags, context);
  const plan = {
    ...chosen,
    kubernetes: chosen.kubernetes ?? input.cluster?.kubernetes,
    home: input.cluster === undefined ? ("these files" as const) : ("this cluster" as const),
  };
  for (const notice of input.notices)
    stderr.write(`! ${formatNotice(notice, { all: flags["verbose"] === true })}\n`);
  const outcome = await checkOrFix(input, plan);
  const result = resultOf(input, plan, outcome);
  let proves = true;
  if (plan.baseline?.writes === true) {
    await noteFindings(plan.baseline, result, context);
  } else if (plan.fix === "dry-run") {
    for (const { source, before, after } of outcome.files)
      stdout.write(unifiedDiff(source.name, before, after));
    const mended = `${number(result.fixed.length, "finding")} would be mended in ${number(outcome.files.length, "file")}`;
    const rest = countsText(result.findings);
    stderr.write(
      `  ${mended}${rest === "" ? "" : `; ${rest} would stay: a check without --fix tells them`}\n`,
    );
  } else if (flags["prove"] === true) {
    proves = await prove(result, plan, input, { command: { args: paths, flags }, context });
  } else tell(result, flags, context);
  if (result.failures.length > 0) return reportError(new AggregateError(result.failures), false, context);
  if (plan.baseline?.writes === true) return 0;
  const counting = plan.fix === "dry-run" ? [...result.findings, ...result.fixed] : result.findings;
  if (counting.some((finding) => isSerious(finding, plan.failOn))) return exitCodes.answer;
  return proves ? 0 : exitCodes.proof;
}

/** A baseline of what could be read only would forget what is known of the rest. */
async function noteFindings(
  baseline: BaselineFile,
  { findings, failures }: CheckResult,
  { stderr }: CommandContext,
): Promise<void> {
  if (failures.length > 0) {
    stderr.write(`  ${baseline.name} is not written, because of what could not be read or written\n`);
    return;
  }
  await writeBaselineFile(baseline, findings);
  stderr.write(`  ${baseline.name} holds ${number(findings.length, "finding")} now\n`);
}

function tell(result: CheckResult, flags: FlagValues, { stdout }: CommandContext): void {
  stdout.write(formats[textFlag(flags, "output") ?? "text"]!(result, tellingFor(stdout)));
}

/** Tells the findings, and what trials of them show. Gives whether these could be made. */
async function prove(
  result: CheckResult,
  plan: CheckPlan,
  { sets }: CheckInput,
  { command, context }: { readonly command: CommandInput; readonly context: CommandContext },
): Promise<boolean> {
  // The cluster and the load are many modules, which a check alone can do without.
  const { tellProof } = await import("../prove/tell-proof.ts");
  const { outcome } = await tellProof(
    {
      ...plan,
      sets,
      command,
      findings: result.findings,
      choose: freshOf(plan),
      tellFindings: (proof) =>
        tell(proof === undefined ? result : { ...result, proof }, command.flags, context),
    },
    context,
  );
  return outcome !== "proves-nothing" && outcome !== "not-tried";
}

/** What was found, and what was mended on the way. */
interface Outcome extends Pick<FixedSets, "fixed" | "files"> {
  readonly checked: Checked;
  /** What was checked, as it is now. */
  readonly sets: CheckInput["sets"];
  readonly failures: readonly SeaworthyError[];
}

async function checkOrFix(input: CheckInput, plan: CheckPlan): Promise<Outcome> {
  if (plan.fix === undefined)
    return { ...input, checked: await checkSets(input, plan), fixed: [], files: [] };
  const { checked, fixed, files, input: mended } = await fixSets(input, { ...plan, choose: freshOf(plan) });
  const failures = plan.fix === "write" ? await writeFixes(files) : [];
  return { checked, fixed, files, sets: mended.sets, failures: [...input.failures, ...failures] };
}

function resultOf(
  input: CheckInput,
  plan: CheckPlan,
  { checked, fixed, failures, sets }: Outcome,
): CheckResult {
  const sources = sets.flatMap((set) => set.sources);
  const { fresh, known, gone } = compareBaseline(checked.findings, knownOf(plan));
  return {
    version,
    profile: plan.profile,
    rules: plan.rules,
    objects: countObjects(input),
    files: sources.map(({ name }) => name),
    texts: new Map(
      sources.flatMap(({ name, text, path }) => (path === undefined ? [] : [[name, text] as const])),
    ),
    cluster: input.cluster?.name,
    findings: fresh,
    fixed,
    ignored: checked.ignored,
    known,
    gone,
    failures,
  };
}

/** Chooses the findings that the baseline does not know. */
function freshOf(plan: CheckPlan): (findings: readonly Reported[]) => readonly Reported[] {
  return (findings) => compareBaseline(findings, knownOf(plan)).fresh;
}

function knownOf({ baseline }: CheckPlan) {
  return baseline?.known ?? { findings: [] };
}
