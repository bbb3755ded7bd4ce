import type { Finding } from "../causes/finding.ts";
import type { Verdict } from "./verdict.ts";

/** Findings that no cause of the same name tells already. */
export function untoldFindings({ findings, causes }: Pick<Verdict, "findings" | "causes">): Finding[] {
  return findings.filter(
    ({ id, deployment }) => !causes.some((cause) => cause.cause === id && cause.deployment === deployment),
  );
}
