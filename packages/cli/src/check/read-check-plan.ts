import { resolve } from "node:path";
import { readSettings, type Settings } from "@seaworthy/app";
import { chooseRules, ignoreRules, rules, type ChosenRule, type Reported } from "@seaworthy/check";
import { SeaworthyError } from "@seaworthy/errors";
import type { FlagValues } from "../command.ts";
import { listFlag, textFlag } from "../flag-values.ts";
import { settingsStart } from "../manifests/manifest-options.ts";
import { readBaselineFile, type BaselineFile } from "./baseline-file.ts";
import { readRuleFlags } from "./read-rule-flags.ts";

/** What a call of `seaworthy check` is to do, by its flags and by the settings file. */
export interface CheckPlan {
  readonly settings: Settings;
  readonly profile: string;
  readonly rules: readonly ChosenRule[];
  readonly kubernetes: string | undefined;
  readonly failOn: Reported["severity"];
  /** Whether files are mended, or only what would be mended is shown. */
  readonly fix: "write" | "dry-run" | undefined;
  readonly unsafe: boolean;
  readonly baseline: BaselineFile | undefined;
}

/** Reads the plan. A flag counts more than the settings file. */
export async function readCheckPlan(
  flags: FlagValues,
  paths: readonly string[],
  cwd: string,
): Promise<CheckPlan> {
  const settings = await readSettings(settingsStart(paths), cwd);
  const { check } = settings;
  const profile = textFlag(flags, "profile") ?? check.profile ?? "default";
  const choices = [...check.rules, ...readRuleFlags(listFlag(flags, "rule"))];
  const named = textFlag(flags, "baseline");
  const file =
    named !== undefined ? resolve(cwd, named) : check.baseline && resolve(settings.cwd, check.baseline);
  const writes = flags["write-baseline"] === true;
  if (writes && file === undefined)
    throw new SeaworthyError("SW1002", "--write-baseline needs to know which file", {
      field: "--write-baseline",
      next: ["--baseline seaworthy-baseline.json --write-baseline"],
    });
  return {
    settings,
    profile,
    rules: chooseRules([...rules, ...ignoreRules], profile, choices),
    kubernetes: readVersion(textFlag(flags, "kubernetes") ?? check.kubernetes),
    failOn: readFailOn(textFlag(flags, "fail-on") ?? check.failOn),
    ...readFix(flags),
    baseline: file === undefined ? undefined : await readBaselineFile(file, cwd, writes),
  };
}

function readFix(flags: FlagValues): Pick<CheckPlan, "fix" | "unsafe"> {
  const [isDry, unsafe] = [flags["dry-run"] === true, flags["unsafe"] === true];
  if (flags["fix"] === true) return { fix: isDry ? "dry-run" : "write", unsafe };
  if (!isDry && !unsafe) return { fix: undefined, unsafe };
  const flag = isDry ? "--dry-run" : "--unsafe";
  throw new SeaworthyError("SW1002", `${flag} says how to mend, and --fix is missing`, {
    field: flag,
    next: [`--fix ${flag}`],
  });
}

const severities: readonly Reported["severity"][] = ["error", "warning", "advice"];

/** Whether a finding is as serious as the plan says. */
export function isSerious({ severity }: Reported, failOn: Reported["severity"]): boolean {
  return severities.indexOf(severity) <= severities.indexOf(failOn);
}

function readFailOn(level = "warning"): Reported["severity"] {
  const found = severities.find((each) => each === level);
  if (found !== undefined) return found;
  throw new SeaworthyError("SW1002", `check.failOn cannot be ${level}`, {
    next: [`one of: ${severities.join(", ")}`],
  });
}

function readVersion(version: string | undefined): string | undefined {
  const [, short] = /^v?(1\.\d{1,3})(?:\.\d+)?$/.exec(version ?? "") ?? [];
  if (version === undefined || short !== undefined) return short;
  throw new SeaworthyError("SW1002", `--kubernetes cannot be ${version}`, {
    field: "--kubernetes",
    next: ["give a version as 1.33"],
  });
}
