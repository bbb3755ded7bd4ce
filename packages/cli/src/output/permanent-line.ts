import { formatNotice } from "@seaworthy/errors";
import { countText } from "@seaworthy/load";
import { lostOf, type Failure, type ScenarioResult, type TrialEvent } from "@seaworthy/trial";
import type { Paint } from "./paint.ts";
import type { Marks } from "./marks.ts";
import { podsText } from "./pods-text.ts";

/** What stays on the screen of an event, or undefined when it only moves the picture. */
export function permanentLine(
  event: TrialEvent,
  paint: Paint,
  marks: Marks,
  verbose: boolean = false,
): string | undefined {
  switch (event.type) {
    case "step":
      return `  ${event.text}`;
    case "notice":
      return paint("yellow", `! ${formatNotice(event, { all: verbose })}`);
    case "scenario-start":
      return `  ${event.name} at ${event.ratePerSecond} requests/s`;
    case "round-end":
      return `  round ${event.round} of ${event.rounds}: ${podsText(event.terminations)} ended in ${(event.tookMs / 1000).toFixed(1)} s`;
    case "loss": {
      const { failure } = event;
      const pod = failure.pod === null ? "" : `, pod ${failure.pod}`;
      return paint(
        "red",
        `${marks.bad} lost ${failure.method} (${failure.target}, ${failure.client}): ${failure.status ?? failure.class}${pod}${since(failure)}: ${failure.cause}`,
      );
    }
    case "scenario-end": {
      const { result, p99Ms, denied } = event;
      const mark =
        result.verdict === "held" && !denied ? paint("green", marks.good) : paint("red", marks.bad);
      const tookS = ((Date.parse(result.endedAt) - Date.parse(result.startedAt)) / 1000).toFixed(0);
      return `${mark} ${result.name}   ${countText(lostOf(result))} lost of ${countText(result.requests.scheduled)}${byTrial(result)}   ${podsText(result.terminations)} ended   p99 ${p99Ms.toFixed(0)} ms   ${tookS} s${noteLines(result)}`;
    }
    case "round-start":
    case "progress":
      return undefined;
  }
}

function noteLines({ notes = [] }: ScenarioResult): string {
  return notes.map((text) => `\n  ${text}`).join("");
}

/** What went with pods or an edge that the trial ended. */
function byTrial({ unavoidable, recoveryMs }: ScenarioResult): string {
  if (unavoidable === 0) return "";
  return `   ${countText(unavoidable)} that no field saves, the last after ${((recoveryMs ?? 0) / 1000).toFixed(1)} s`;
}

function since({ sinceDeletionMs, deletedPod, pod }: Failure): string {
  if (sinceDeletionMs === null || deletedPod === null) return "";
  const whose = deletedPod === pod ? "its deletion" : `the deletion of ${deletedPod}`;
  const seconds = (Math.abs(sinceDeletionMs) / 1000).toFixed(2);
  // The watch may tell of a deletion later than clients feel it.
  return seconds !== "0.00" && sinceDeletionMs < 0
    ? `, ${seconds} s before ${whose} was seen`
    : `, ${seconds} s after ${whose}`;
}
