import { timestamp, type CertificateSigningRequest } from "@seaworthy/kube";

const decisions = ["Approved", "Denied"];

/** Puts the old decisions in the place of the new ones, so that a write of the status does not change them by the way. */
export function keepDecisions({ status }: CertificateSigningRequest, old: CertificateSigningRequest): void {
  const conditions = status?.conditions ?? [];
  for (const type of decisions) {
    const before = (old.status?.conditions ?? []).filter((condition) => condition.type === type);
    const now = conditions.filter((condition) => condition.type === type);
    // One more or less is a change that is refused later.
    if (before.length !== now.length) continue;
    for (const [index, condition] of now.entries())
      conditions[conditions.indexOf(condition)] = before[index] ?? condition;
  }
}

/** Fills in when conditions were written, and since when they are as they are. */
export function stampConditions(
  { status }: CertificateSigningRequest,
  old: CertificateSigningRequest,
  nowMs: number,
): void {
  const now = timestamp(nowMs);
  for (const condition of status?.conditions ?? []) {
    condition.lastUpdateTime ??= now;
    const before = old.status?.conditions?.find(
      ({ type, status }) => type === condition.type && status === condition.status,
    );
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? now;
  }
}
