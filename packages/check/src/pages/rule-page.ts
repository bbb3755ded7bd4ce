import { profileNames } from "../choice/profiles.ts";
import type { Rule } from "../rule.ts";

/** Manifests that show a rule; one that is found by no look at objects has none. */
export interface PageExamples {
  readonly fails: string;
  readonly passes: string;
}

/** The page about a rule: Markdown. */
export function rulePage(rule: Rule, examples: PageExamples | undefined): string {
  const { id, severity, title, why, mend, sources } = rule;
  const profiles = profilesOf(rule);
  const peers = Object.entries(rule.peers ?? {}).map(
    ([peer, names]) => `- ${peer}: ${names.map((name) => `\`${name}\``).join(", ")}`,
  );
  return sections([
    `# ${id}`,
    `**${severity}**: ${title}. ${profiles.length === 0 ? "In no profile" : `In ${profiles.map((name) => `\`${name}\``).join(", ")}`}; \`--rule ${id}\` turns it on, \`--rule ${id}=off\` off.`,
    why.trim(),
    rule.losesRequests === true ? provable : "",
    ...part("How to mend it", mend.trim()),
    ...(examples === undefined ? [] : part("What breaks it", yaml(examples.fails))),
    ...(examples === undefined ? [] : part("What does not", yaml(examples.passes))),
    ...part("What others call it", peers.join("\n")),
    ...part("Sources", sources.map((source) => `- <${source}>`).join("\n")),
  ]);
}

const provable =
  "A rollout loses requests by it: `seaworthy check --prove` counts them, as it is and as `--fix` mends it.";

/** The index of the pages: Markdown. */
export function rulesIndex(rules: readonly Rule[]): string {
  const rows = rules.map(
    (rule) =>
      `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${profilesOf(rule).join(", ")} | ${rule.title.replaceAll("|", "\\|")} |`,
  );
  return sections([
    "# The rules of `seaworthy check`",
    `${rules.length} rules. [docs/check.md](../check.md) tells how they are chosen.`,
    ["| rule | severity | profiles | what it finds |", "|---|---|---|---|", ...rows].join("\n"),
  ]);
}

/** The profiles that a rule is in, where `default` stands for `strict` as well, and `pss-baseline` for `pss-restricted`. */
export function profilesOf(rule: Rule): string[] {
  const names = [...profileNames].filter(([, profile]) => profile.has(rule)).map(([name]) => name);
  const implied = new Map([
    ["strict", "default"],
    ["pss-restricted", "pss-baseline"],
  ]);
  return names.filter((name) => !names.includes(implied.get(name) ?? ""));
}

function sections(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function part(heading: string, text: string): string[] {
  return text === "" ? [] : [`## ${heading}`, text];
}

function yaml(text: string): string {
  return `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``;
}
