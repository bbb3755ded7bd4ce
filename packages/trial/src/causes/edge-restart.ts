import type { Outcome, OutcomeClass } from "@seaworthy/load";
import type { Cause } from "./cause.ts";

/** A time in which the trial restarted the edge. */
export interface EdgeRestart {
  readonly from: number;
  /** When the old one was gone and nobody sent it anything any more. */
  readonly until?: number;
}

/** What happens to connections. An edge answers with a status where a pod fails, so between it and the client these are its own. */
const ofConnections: ReadonlySet<OutcomeClass> = new Set<OutcomeClass>([
  "refused",
  "unreachable",
  "connect-timeout",
  "tls-failure",
  "reset-before-answer",
  "closed-before-answer",
  "reset-mid-answer",
  "closed-mid-answer",
]);

/**
 * Who cuts an answer after so long let it finish for as long as it could. Edges wait for 10 s (Traefik) to some minutes, and usual
 * answers take no second.
 */
const longAnswerMs = 5_000;

/** Whether a request through the edge was on its way while that was restarted. */
export function metEdgeRestart(
  { target, sentAt, doneAt }: Outcome,
  {
    edges,
    edgeRestarts = [],
  }: { readonly edges: readonly string[]; readonly edgeRestarts?: readonly EdgeRestart[] },
): boolean {
  if (!edges.includes(target)) return false;
  return edgeRestarts.some(({ from, until = Infinity }) => doneAt >= from && sentAt <= until);
}

/** The cause of what happened to a connection with the edge while that was restarted; undefined for anything else. */
export function causeAtEdgeRestart(
  outcome: Outcome,
  context: Parameters<typeof metEdgeRestart>[1],
): Extract<Cause, "edge-restarted" | "outlived-edge"> | undefined {
  if (!ofConnections.has(outcome.class) || !metEdgeRestart(outcome, context)) return undefined;
  return outcome.doneAt - outcome.sentAt >= longAnswerMs ? "outlived-edge" : "edge-restarted";
}
