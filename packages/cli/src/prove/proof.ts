import type { SeaworthyError } from "@seaworthy/errors";
import { countText } from "@seaworthy/load";
import type { TriedFinding } from "./mend-for-proof.ts";
import type { Losses, Tried } from "./tried.ts";

/**
 * `proved`: requests are lost as it is, and none as fixed. `not-enough`: some are lost as fixed, too. `not-mended`: --fix
 * mends none of the findings. `nothing-lost`: none was lost as it is. `proves-nothing`: a trial was late, or came to no
 * end. `not-tried`: a trial could not be made. `nothing-to-try`: no finding is one that a rollout can show.
 */
export type ProofOutcome =
  | "proved"
  | "not-enough"
  | "not-mended"
  | "nothing-lost"
  | "proves-nothing"
  | "not-tried"
  | "nothing-to-try";

/** The trials of what was found. */
export interface Trials {
  readonly findings: readonly TriedFinding[];
  readonly asItIs?: Tried | undefined;
  /** Absent where nothing is mended, or where it would show nothing. */
  readonly asFixed?: Tried | undefined;
  /** Why a trial could not be made. */
  readonly errors: readonly SeaworthyError[];
}

/** What the trials of findings show. */
export interface Proof extends Trials {
  readonly outcome: ProofOutcome;
  /** The same for people, in a sentence. */
  readonly text: string;
}

/** Says what trials show. */
export function judgeProof(trials: Trials): Proof {
  return { ...trials, ...judge(trials) };
}

function judge({ findings, asItIs, asFixed, errors }: Trials): Pick<Proof, "outcome" | "text"> {
  if (findings.length === 0)
    return {
      outcome: "nothing-to-try",
      text: "nothing was tried: no finding in a Deployment is one by which a rollout loses requests",
    };
  const [error] = errors;
  if (error !== undefined || asItIs === undefined) {
    const which = asItIs === undefined ? "as they are" : "as fixed";
    return {
      outcome: "not-tried",
      text: `the manifests could not be tried ${which}: ${error?.message ?? "no trial was made"}`,
    };
  }
  if (asItIs.doubt !== undefined) return { outcome: "proves-nothing", text: `as it is: ${asItIs.doubt}` };
  if (asItIs.lost === 0)
    return {
      outcome: "nothing-lost",
      text: [`${lostIn(asItIs)}, which is too few to say that none ever is`, ...asItIs.badEnds].join("; "),
    };
  if (asFixed === undefined)
    return {
      outcome: "not-mended",
      text: `${perPodEnd(asItIs)}: ${lostIn(asItIs)}; --fix mends none of these findings`,
    };
  if (asFixed.doubt !== undefined) return { outcome: "proves-nothing", text: `as fixed: ${asFixed.doubt}` };
  const change = `${perPodEnd(asItIs)} → ${amountPerPodEnd(asFixed)}: ${lostIn(asItIs)}, then ${lostIn(asFixed)}`;
  const rest = [...causesOf(asFixed), ...asFixed.badEnds];
  return asFixed.lost === 0
    ? { outcome: "proved", text: [change, ...rest].join("; ") }
    : {
        outcome: "not-enough",
        text: [change, ...rest, "seaworthy trial says what would save the rest"].join("; "),
      };
}

function causesOf({ causes }: Tried): string[] {
  return causes.map(
    ({ cause, deployment, count: times }) =>
      `${countText(times)} by ${cause}${deployment === null ? "" : ` in Deployment ${deployment}`}`,
  );
}

function lostIn(tried: Tried): string {
  return `${tried.lost === 0 ? "none" : countText(tried.lost)} of ${countText(tried.requests)} requests in ${ends(tried)}`;
}

function ends({ podEnds }: Tried): string {
  return `${podEnds} pod end${podEnds === 1 ? "" : "s"}`;
}

/** `7.5 lost per pod end`. */
export function perPodEnd(losses: Losses): string {
  return `${amountPerPodEnd(losses)} lost per pod end`;
}

function amountPerPodEnd({ lost, podEnds }: Losses): string {
  const each = lost / Math.max(1, podEnds);
  return each > 0 && each < 0.1 ? "under 0.1" : each.toLocaleString("en-US", { maximumFractionDigits: 1 });
}
