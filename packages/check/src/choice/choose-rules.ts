import { SeaworthyError, type Place } from "@seaworthy/errors";
import { nearestName } from "@seaworthy/kube";
import type { Rule, Severity } from "../rule.ts";
import { profileNames, type Profile } from "./profiles.ts";

/** A rule that is to be run, and how serious its findings are. */
export interface ChosenRule {
  readonly rule: Rule;
  readonly severity: Severity;
}

/** What was said about one rule, in the settings file or on the command line. */
export interface RuleChoice {
  readonly id: string;
  /** `on` leaves the severity to the rule. */
  readonly level: Severity | "on" | "off";
  readonly place?: Place | undefined;
}

/** The rules of a profile, without those that are off, and with those that are on. Later choices count. */
export function chooseRules(
  rules: readonly Rule[],
  profile: string,
  choices: readonly RuleChoice[],
): ChosenRule[] {
  const isIn = profileOf(profile).has;
  const levels = new Map<string, RuleChoice["level"]>();
  for (const choice of choices) {
    if (!rules.some(({ id }) => id === choice.id)) throw unknownRule(rules, choice.id, choice.place);
    levels.set(choice.id, choice.level);
  }
  return rules.flatMap((rule) => {
    const level = levels.get(rule.id) ?? (isIn(rule) ? "on" : "off");
    return level === "off" ? [] : [{ rule, severity: level === "on" ? rule.severity : level }];
  });
}

function profileOf(name: string): Profile {
  const profile = profileNames.get(name);
  if (profile !== undefined) return profile;
  const near = nearestName(name, profileNames.keys());
  throw new SeaworthyError("SW1002", `there is no profile ${name}`, {
    next: [
      ...(near === undefined ? [] : [`did you mean ${near}?`]),
      `one of: ${[...profileNames.keys()].join(", ")}`,
    ],
  });
}

/** The error for a rule that nobody has. */
export function unknownRule(rules: readonly Rule[], id: string, place?: Place): SeaworthyError {
  const near = nearestName(
    id,
    rules.map((rule) => rule.id),
  );
  return new SeaworthyError("SW1002", `there is no rule ${id}`, {
    place: place && { ...place, label: "no rule has this id" },
    next: [
      ...(near === undefined ? [] : [`did you mean ${near}?`]),
      "all of them: seaworthy check --list-rules",
    ],
  });
}
