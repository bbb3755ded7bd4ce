import type { Place, SeaworthyError } from "@seaworthy/errors";
import { formatFieldPath, formatObjectName } from "@seaworthy/kube";
import { placeOf } from "../place-of.ts";
import type { Finding, Rule, RulePage, Severity } from "../rule.ts";

/** A finding as it is told: with the rule, and where it is written. */
export interface Reported {
  /** The rule's id, or the code of what could not be read, for example `SW1101`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Why it matters, in a sentence. */
  readonly why?: string | undefined;
  readonly place?: Place | undefined;
  readonly object?: string | undefined;
  readonly field?: string | undefined;
  readonly seen: readonly string[];
  readonly next: readonly string[];
  /** What the rule said; what could not be read has none. */
  readonly finding?: Finding;
}

/** A finding of a rule, to be told. */
export function reportFinding(
  page: Pick<RulePage, "id" | "why">,
  severity: Severity,
  finding: Finding,
): Reported {
  const place = placeOf(finding);
  return {
    rule: page.id,
    severity,
    message: finding.message,
    why: finding.because ?? firstSentence(page.why),
    place,
    object: formatObjectName(finding.manifest.object),
    field: formatFieldPath(finding.path),
    seen: place.isOfObject === true ? (finding.seen ?? []).map(withoutLine) : (finding.seen ?? []),
    next: finding.next,
    finding,
  };
}

/** Evidence begins with a place; of an object in a cluster its name says enough. */
function withoutLine(seen: string): string {
  return seen.replace(/^((?:also asked for at )?(?:\S+\/)?[A-Z]\w*\/\S+?):\d+(?= |$)/, "$1");
}

/** What could not be read, to be told among the findings. */
export function reportProblem({ code, message, details }: SeaworthyError): Reported {
  const { place, object, field, why, seen = [], next = [] } = details;
  return { rule: code, severity: "error", message, why, place, object, field, seen, next };
}

/** A rule that throws is at fault itself: that is told, and the other rules go on. */
export function reportCrash({ id }: Rule, error: unknown): Reported {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = stack.split("\n").map((line) => line.trim());
  return {
    rule: "SW7001",
    severity: "error",
    message: `the rule ${id} failed, and has not looked at everything: ${lines[0] ?? ""}`,
    why: "this is a bug in seaworthy, not in your manifests; the other rules are not touched by it",
    seen: lines.slice(1, 4),
    next: ["report it with these lines and the object", `until then: --rule ${id}=off`],
  };
}

/** Markdown's first sentence, on one line. A full stop within a word or in brackets ends none. */
function firstSentence(markdown: string): string {
  const text = markdown.trim().replace(/\s+/g, " ");
  return /^.*?[.!?](?= [A-Z`]|$)/.exec(text)?.[0] ?? text;
}
