import { ruleLevels, type RuleLevel, type RuleSetting } from "@seaworthy/app";
import { SeaworthyError } from "@seaworthy/errors";

/** What `--rule` says: `ID=LEVEL`, or `ID`, which is the same as `ID=on`. */
export function readRuleFlags(values: readonly string[]): RuleSetting[] {
  return values.map((value) => {
    const [id = "", level = "on"] = value.split("=", 2);
    if (ruleLevels.includes(level as RuleLevel)) return { id, level: level as RuleLevel };
    throw new SeaworthyError("SW1002", `--rule ${id} cannot be ${level}`, {
      field: "--rule",
      next: [`one of: ${ruleLevels.join(", ")}`],
    });
  });
}
