import { SeaworthyError, type Place } from "@seaworthy/errors";
import { isScalar, type Node } from "yaml";
import { asMap, keysOf, placeOfNode, rejectUnknown, scalar, type Source } from "./settings-nodes.ts";

/** What a settings file says of one rule: off, or how serious its findings are; `on` leaves that to the rule. */
export type RuleLevel = "off" | "on" | "error" | "warning" | "advice";

/** A rule as the settings file names it. */
export interface RuleSetting {
  readonly id: string;
  readonly level: RuleLevel;
  /** Where the rule is named, for errors. */
  readonly place?: Place | undefined;
}

/** What `check` says in a settings file. */
export interface CheckSettings {
  readonly profile?: string;
  readonly kubernetes?: string;
  readonly failOn?: string;
  /** A file, from the folder of the settings file. */
  readonly baseline?: string;
  readonly rules: readonly RuleSetting[];
}

/** The settings where there are none. */
export const noCheckSettings: CheckSettings = { rules: [] };

/** The levels of a rule, as they are written. */
export const ruleLevels: readonly RuleLevel[] = ["off", "on", "error", "warning", "advice"];

/** Reads the part `check` of a settings file. Throws SW1103 or SW1105 with the place. */
export function readCheckSettings(node: unknown, source: Source): CheckSettings {
  const check = asMap(node, source, "check");
  rejectUnknown(check, ["profile", "kubernetes", "failOn", "baseline", "rules"], source, "check.");
  const rules = asMap(check?.get("rules", true), source, "check.rules");
  const texts = ["profile", "kubernetes", "failOn", "baseline"].flatMap((key) => {
    const value = scalar(check, key, "string", source) as string | undefined;
    return value === undefined ? [] : [[key, value]];
  });
  return {
    ...(Object.fromEntries(texts) as Omit<CheckSettings, "rules">),
    rules: keysOf(rules).map((id) => ruleSetting(id, rules!.get(id, true), rules!, source)),
  };
}

function ruleSetting(
  id: string,
  node: unknown,
  rules: NonNullable<ReturnType<typeof asMap>>,
  source: Source,
): RuleSetting {
  const key = rules.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === id)?.key;
  const place = key === undefined ? undefined : placeOfNode(key as Node, source);
  const value = isScalar(node) ? node.value : undefined;
  // YAML 1.2 reads `off` and `on` as words, YAML 1.1 as booleans: both are taken.
  const level = value === false ? "off" : value === true ? "on" : value;
  if (ruleLevels.includes(level as RuleLevel)) return { id, level: level as RuleLevel, place };
  throw new SeaworthyError("SW1105", `check.rules.${id} must be one of ${ruleLevels.join(", ")}`, {
    place: placeOfNode((node ?? key) as Node, source, "not a level"),
    field: `check.rules.${id}`,
    next: [`write one of ${ruleLevels.join(", ")}`],
  });
}
