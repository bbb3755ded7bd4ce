import {
  ignoreRules,
  loadExamples,
  pageOf,
  profilesOf,
  rulePage,
  rules,
  unknownRule,
} from "@seaworthy/check";
import { codes } from "@seaworthy/errors";

const all = [...rules, ...ignoreRules];

/** All rules: a line for each, or as data. */
export function listRules(asJson: boolean): string {
  if (asJson)
    return `${JSON.stringify(
      {
        schema: "seaworthy.dev/check-rules/v1",
        rules: all.map((rule) => ({
          id: rule.id,
          severity: rule.severity,
          title: rule.title,
          profiles: profilesOf(rule),
          page: pageOf(rule.id),
        })),
      },
      undefined,
      2,
    )}\n`;
  const width = Math.max(...all.map(({ id }) => id.length));
  const line = (rule: (typeof all)[number]) =>
    `${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.title}\n${" ".repeat(width + 11)}${profilesOf(rule).join(", ") || "in no profile"}\n`;
  return `${all.map(line).join("")}\n${all.length} rules; seaworthy check --explain RULE shows why, and examples\n`;
}

/** The page about a rule, or where the one about a code is. */
export async function explain(id: string): Promise<string> {
  const rule = all.find((each) => each.id === id);
  if (rule !== undefined) return rulePage(rule, (await loadExamples()).get(id));
  const code = Object.entries(codes).find(([name]) => name === id);
  if (code !== undefined) return `# ${id}\n\n${code[1].title}: see ${pageOf(id)}\n`;
  throw unknownRule(all, id);
}
