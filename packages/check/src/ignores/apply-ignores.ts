import { nearestName } from "@seaworthy/kube";
import type { ChosenRule } from "../choice/choose-rules.ts";
import type { Rule } from "../rule.ts";
import { rules as allRules } from "../rules/rules.ts";
import type { Reported } from "../run/reported.ts";
import type { Ignore } from "./find-ignores.ts";
import { ignoreBroken, ignoreUnused } from "./ignore-rules.ts";

/** A finding that is ignored, and the reason that was given. */
export interface Ignored extends Reported {
  readonly reason: string;
}

/**
 * Takes out what is ignored. An ignore without a reason takes nothing out; that, and one that takes nothing out though
 * its rule was run, are findings themselves.
 */
export function applyIgnores(
  found: readonly Reported[],
  ignores: readonly Ignore[],
  chosen: readonly ChosenRule[],
): { findings: Reported[]; ignored: Ignored[] } {
  const findings: Reported[] = [];
  const ignored: Ignored[] = [];
  const used = new Set<Ignore>();
  const effective = ignores.filter(({ reason }) => reason !== "");
  for (const each of found) {
    const covering = effective.filter((ignore) => ignore.covers(each));
    covering.forEach((ignore) => used.add(ignore));
    if (covering[0] === undefined) findings.push(each);
    else ignored.push({ ...each, reason: covering[0].reason });
  }
  const severityOf = ({ id }: Rule) => chosen.find(({ rule }) => rule.id === id)?.severity;
  for (const ignore of ignores) {
    const broken = whatIsBroken(ignore);
    const isRun = chosen.some(({ rule }) => rule.id === ignore.rule);
    const rule = broken === undefined ? ignoreUnused : ignoreBroken;
    const severity = severityOf(rule);
    if (severity === undefined || used.has(ignore) || (broken === undefined && !isRun)) continue;
    const about = broken ?? {
      message: `nothing is left for ${ignore.rule} to be ignored here`,
      next: ["remove it"],
    };
    findings.push({
      rule: rule.id,
      severity,
      why: rule.why,
      place: { ...ignore.place, ...(about.label === undefined ? {} : { label: about.label }) },
      seen: [],
      ...about,
    });
  }
  return { findings, ignored };
}

interface Told {
  readonly message: string;
  readonly label?: string;
  readonly next: readonly string[];
}

function whatIsBroken({ rule, reason }: Ignore): Told | undefined {
  const ids = allRules.map(({ id }) => id);
  if (!ids.includes(rule)) {
    const near = nearestName(rule, ids);
    return {
      message: rule === "" ? "an ignore names no rule" : `an ignore names ${rule}, which is no rule`,
      label: near === undefined ? "no such rule" : `did you mean ${near}?`,
      next: [near === undefined ? "all of them: seaworthy check --list-rules" : `write ${near}`],
    };
  }
  if (reason !== "") return undefined;
  return {
    message: `the ignore of ${rule} gives no reason, and so is none`,
    label: "no reason",
    next: [`${rule}: why it is right here`],
  };
}
