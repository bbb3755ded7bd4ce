import { readSets, readSettings, type ReadSets } from "@seaworthy/app";
import { checkSets, chooseRules, rules, type Reported } from "@seaworthy/check";
import { formatNotice, SeaworthyError } from "@seaworthy/errors";
import { readRuleFlags } from "../check/read-rule-flags.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { listFlag, textFlag } from "../flag-values.ts";
import { expandGlobs } from "../manifests/expand-globs.ts";
import { manifestOptions, settingsStart } from "../manifests/manifest-options.ts";
import { checkSummary, findingsText } from "../output/check-text.ts";
import { paintFor } from "../output/paint.ts";
import { reportError } from "../report-error.ts";

/** `seaworthy check`: exit 0 when nothing serious is found, 1 when something is, 2 when something cannot be read. */
export async function run({ args, flags }: CommandInput, context: CommandContext): Promise<number> {
  const { stdout, stderr, cwd } = context;
  const paths = await expandGlobs(args.length === 0 ? ["."] : args, cwd);
  const settings = await readSettings(settingsStart(paths), cwd);
  const profile = textFlag(flags, "profile") ?? settings.check.profile ?? "default";
  const chosen = chooseRules(rules, profile, [
    ...settings.check.rules,
    ...readRuleFlags(listFlag(flags, "rule")),
  ]);
  const failOn = readFailOn(textFlag(flags, "fail-on") ?? settings.check.failOn);
  const input = await readSets(paths, manifestOptions(context, "check"));
  if (isNothing(input)) throw nothingToCheck(paths);
  for (const notice of input.notices) stderr.write(`! ${formatNotice(notice, { all: false })}\n`);
  const findings = checkSets(input, chosen);
  const paint = paintFor(stdout);
  const width = columnsOf(stdout);
  const text = findingsText(findings, { paint, width });
  const counts = {
    objects: input.sets.reduce((sum, { manifests }) => sum + manifests.length, 0),
    files: input.sets.reduce((sum, { sources }) => sum + sources.length, 0),
    rules: chosen.length,
    profile,
  };
  stdout.write(`${text}${text === "" ? "" : "\n"}${checkSummary(findings, counts, paint)}`);
  if (input.failures.length > 0) return reportError(new AggregateError(input.failures), false, context);
  return findings.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(failOn)) ? 1 : 0;
}

const severities: readonly Reported["severity"][] = ["error", "warning", "advice"];

function readFailOn(level = "warning"): Reported["severity"] {
  const found = severities.find((each) => each === level);
  if (found !== undefined) return found;
  throw new SeaworthyError("SW1002", `check.failOn cannot be ${level}`, {
    next: [`one of: ${severities.join(", ")}`],
  });
}

/** A screen is as wide as it is, within what reads well; text for a file or a pipe is made for the usual one. */
function columnsOf(stream: { readonly columns?: number; readonly isTTY?: boolean }): number {
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
