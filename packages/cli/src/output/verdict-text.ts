import { formatNotice } from "@seaworthy/errors";
import { countText } from "@seaworthy/load";
import {
  formatChange,
  lostOf,
  lostStreams,
  streamAdvice,
  streamsSentence,
  untoldFindings,
  whatWasDone,
  type Advice,
  type CauseSummary,
  type Finding,
  type ScenarioResult,
  type Verdict,
} from "@seaworthy/trial";
import type { Paint } from "./paint.ts";
import { podsText } from "./pods-text.ts";
import { standInText } from "./stand-in-text.ts";

export interface VerdictTextOptions {
  readonly paint: Paint;
  /** The report file, as the user wrote it. */
  readonly report: string;
  /** The command that runs the same trial again. */
  readonly again: string;
}

/** The end of a trial for people: what is lost and why stands last, so that it stays on the screen. */
export function formatVerdict(verdict: Verdict, { paint, report, again }: VerdictTextOptions): string {
  const lines = [
    ...(verdict.standIns.length === 0
      ? []
      : [`stand-in   ${formatNotice({ text: standInText, names: verdict.standIns }, { all: false })}`]),
    ...(verdict.scenarios.length < 2
      ? []
      : [...verdict.scenarios.map((each) => scenarioLine(each, paint)), ""]),
    ...verdict.causes.flatMap((cause, index) => causeBlock(cause, index + 1)),
    ...shownFindings(verdict).flatMap((finding) => findingBlock(finding, paint)),
    ...kindLines(verdict),
    ...streamLines(verdict, paint),
    `report     ${report}`,
    `again      ${again}`,
    ...repeatLines(verdict),
    "",
    `latency    p50 ${ms(verdict.latency.p50Ms)}  p99 ${ms(verdict.latency.p99Ms)}  p99.9 ${ms(verdict.latency.p999Ms)}  max ${ms(verdict.latency.maxMs)}   generator lag p99 ${ms(verdict.generator.lagP99Ms)}`,
    headline(verdict, paint),
  ];
  return `${lines.join("\n")}\n`;
}

function headline(verdict: Verdict, paint: Paint): string {
  const { requests, bound, streams } = verdict;
  const held = streams === undefined ? "" : `; ${streamsSentence(streams)}`;
  const counts = `${countText(lostOf(verdict))} of ${countText(requests.scheduled)} requests lost in ${whatWasDone(verdict, "pod termination")}${held}`;
  switch (verdict.verdict) {
    case "seaworthy":
      return `${paint(["bold", "green"], "SEAWORTHY")}  ${counts}${bound === null ? "" : `\n           that bounds it: fewer than ${percent(bound.perTermination)} of terminations lose a request (95 %)${narrower(verdict)}`}`;
    case "leaking":
      return `${paint(["bold", "red"], "LEAKING")}    ${counts}${lostOf(verdict) > 0 || lostStreams(verdict.streams) > 0 ? "" : "\n           none this time, but the findings above say how requests get lost"}`;
    case "unproven":
      return `${paint(["bold", "yellow"], "UNPROVEN")}   ${counts}\n           ${verdict.why ?? ""}`;
    case "invalid":
      return `${paint(["bold", "yellow"], "PROVES NOTHING")}  ${verdict.why ?? ""} (${counts})`;
  }
}

/** How to get a strong proof. */
function narrower({ findings }: Verdict): string {
  const also = findings.find(({ id }) => id === "proof-is-weak")?.advice.also;
  return also === undefined ? "" : `; ${also} bounds it by 10 %`;
}

/** One line each, so that what held and what did not stands together. */
function scenarioLine(scenario: ScenarioResult, paint: Paint): string {
  const { name, verdict, requests, unavoidable, terminations } = scenario;
  const colour = { held: "green", leaking: "red", invalid: "yellow" } as const;
  const lost = `${countText(lostOf(scenario))} lost of ${countText(requests.scheduled)}`;
  const killed = unavoidable === 0 ? "" : `, and ${countText(unavoidable)} that no field saves`;
  return `  ${paint(colour[verdict], verdict.padEnd(8))}  ${name.padEnd(14)} ${lost}${killed}, ${podsText(terminations)} ended`;
}

function causeBlock(cause: CauseSummary, number: number): string[] {
  const classes = Object.entries(cause.classes).toSorted(([, left], [, right]) => right - left);
  const what = classes.map(([name, times]) => `${countText(times)}x ${name}`).join(", ");
  const pod = cause.cause === "not-ready-yet" ? "the pod that it replaced" : "the pod";
  const when = cause.sinceDeletionMs === null ? "" : `, ${span(cause.sinceDeletionMs)} ${pod} was deleted`;
  const pods = cause.pods === 0 ? "" : `  (${podsText(cause.pods)})`;
  return [
    `  ${number}  ${cause.cause}${cause.deployment === null ? "" : `  Deployment ${cause.deployment}`}`,
    `     lost  ${what}${when}${pods}`,
    `     why   ${cause.advice.why}`,
    ...fixLines(cause.advice),
    "",
  ];
}

/** A row for each kind of request, where there were several. */
function kindLines({ byRequest = {} }: Verdict): string[] {
  const kinds = Object.entries(byRequest);
  if (kinds.length < 2) return [];
  const width = Math.max(...kinds.map(([name]) => name.length));
  return [
    ...kinds.map(
      ([name, { ok, failed, p50Ms, p99Ms }]) =>
        `  ${name.padEnd(width)}  ${countText(ok)} ok, ${countText(failed)} failed, p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}`,
    ),
    "",
  ];
}

/** How streams ended, by the pods' doing, where one was broken. */
function streamLines({ streams }: Verdict, paint: Paint): string[] {
  if (streams === undefined) return [];
  const alike = Map.groupBy(streams.breaks, ({ cause, kind, detail }) => `${cause}: ${kind} by ${detail}`);
  const breaks = [...alike].map(([text, all]) => {
    const pods = new Set(all.map(({ pod }) => pod).filter((pod) => pod !== null)).size;
    return `     ${countText(all.length)}x ${text}${pods === 0 ? "" : `  (${podsText(pods)})`}`;
  });
  return [
    `  ${streams.broken === 0 ? "" : `${paint("red", "!")}  `}${streamsSentence(streams)}, a client was without one for ${ms(streams.longestWithoutMs)} at most`,
    ...breaks,
    ...(lostStreams(streams) === 0 ? [] : [`     fix   ${streamAdvice}`]),
    "",
  ];
}

function repeatLines({ unrepeatable = 0 }: Verdict): string[] {
  if (unrepeatable === 0) return [];
  return [
    "",
    `no retry could have saved ${countText(unrepeatable)} of the lost requests: their method is not idempotent, and nobody knows whether they were done`,
  ];
}

/** What the headline says already, and what a cause of the same name has told, is not shown again. */
function shownFindings(verdict: Verdict): Finding[] {
  return untoldFindings(verdict).filter(({ id }) => id !== "proof-is-weak");
}

function findingBlock({ id, denies, deployment, text, advice }: Finding, paint: Paint): string[] {
  return [
    `  ${denies ? paint("red", "!") : paint("yellow", "!")}  ${id}${deployment === null ? "" : `  Deployment ${deployment}`}`,
    `     seen  ${text}`,
    ...fixLines(advice),
    "",
  ];
}

function fixLines({ changes, also, place }: Advice): string[] {
  const lines = changes.map(({ place: at, path, value }) => [at, formatChange({ path, value })]);
  const all = changes.length === 0 ? [[place, also]] : [...lines, [undefined, also]];
  return all
    .map((parts) => parts.filter((part) => part !== undefined).join("  "))
    .filter((line) => line !== "")
    .map((line, index) => `     ${index === 0 ? "fix " : "    "}  ${line}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** When the requests were lost, relative to a deletion: `20 to 60 ms after`, `0.2 s before to 1.1 s after`. */
export function span({ min, max }: { readonly min: number; readonly max: number }): string {
  const inSeconds = Math.max(Math.abs(min), Math.abs(max)) >= 1000;
  const unit = inSeconds ? "s" : "ms";
  const text = (valueMs: number) => (inSeconds ? (valueMs / 1000).toFixed(1) : valueMs.toFixed(0));
  // What rounds to nothing is not before.
  if (Number(text(max)) < 0) return `${text(-max)} to ${text(-min)} ${unit} before`;
  if (Number(text(min)) < 0) return `${text(-min)} ${unit} before to ${text(max)} ${unit} after`;
  return `${text(Math.abs(min))} to ${text(Math.abs(max))} ${unit} after`;
}
