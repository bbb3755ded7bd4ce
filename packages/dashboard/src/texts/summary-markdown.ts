import { countText, msText, percentText } from "@seaworthy/load";
import { autoscalingText, untoldFindings, type Verdict } from "@seaworthy/trial";
import { headings, lostSentence } from "../report/words.ts";

const mostCauses = 5;
const mostFindings = 3;
const mostNotes = 3;

/** A run for a pull request or a step's summary, in 25 lines at most: verdict, proof, causes with their fix, how to run it again. */
export function summaryMarkdown(run: Verdict & { readonly again?: string }): string {
  const causes = run.causes
    .slice(0, mostCauses)
    .map(({ cause, count, advice }) => [cause, countText(count), advice.text]);
  const left = run.causes.length - causes.length;
  const findings = untoldFindings(run).slice(0, mostFindings);
  const parts = [
    `### ${headings[run.verdict]}: ${lostSentence(run)}`,
    proofOf(run),
    ...(causes.length === 0 ? [] : [markdownTable(["cause", "lost", "what to write"], causes)]),
    ...(left > 0 ? [`And ${left} more cause${left === 1 ? "" : "s"}.`] : []),
    ...(findings.length === 0
      ? []
      : [
          findings
            .map(({ id, text, advice }) => `- **${escaped(id)}**: ${escaped(text)}. ${escaped(advice.text)}`)
            .join("\n"),
        ]),
    ...autoscalingNotes(run),
    ...(run.again === undefined ? [] : [`Again: ${codeSpan(run.again)}`]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** How autoscalers took more load: nothing else of the summary tells of it. */
function autoscalingNotes({ scenarios }: Verdict): string[] {
  const results = scenarios.flatMap(({ autoscaling = [] }) => autoscaling);
  const lines = results.flatMap((each) => autoscalingText(each)).slice(0, mostNotes);
  return lines.length === 0 ? [] : [lines.map((text) => `- ${escaped(text)}`).join("\n")];
}

function proofOf({ verdict, why, bound, latency, standIns }: Verdict): string {
  // A good verdict without a bound has no reason to tell.
  const reason = why ?? "no pod was asked to end, so this bounds nothing";
  const proof =
    bound === null || verdict !== "seaworthy"
      ? `${reason.replace(/^./, (letter) => letter.toUpperCase())}.`
      : `Fewer than ${percentText(bound.perTermination)} of pod ends lose a request (95 %).`;
  const limits =
    standIns.length === 0 ? "" : " Images ran as stand-ins: this tried the manifests, not the apps.";
  return `${escaped(proof)} Latency p50 ${msText(latency.p50Ms)}, p99 ${msText(latency.p99Ms)}.${limits}`;
}

/** A table of texts, which may hold anything. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(titles),
    line(titles.map(() => "---")),
    ...rows.map((row) => line(row.map((cell) => escaped(cell)))),
  ].join("\n");
}

/** What servers and manifests say must not become markup, a mention or another line. */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_|[\]#]/g, String.raw`\$&`)
    .replaceAll("<", "&lt;")
    .replaceAll("@", "@\u200b");
}

function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}
