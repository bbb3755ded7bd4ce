import type { ManifestSource, ReadSet } from "@seaworthy/app";
import type { FixOptions, Reported } from "@seaworthy/check";
import { SeaworthyError } from "@seaworthy/errors";
import { mendForProof } from "./mend-for-proof.ts";
import { judgeProof, type Proof } from "./proof.ts";
import type { Tried } from "./tried.ts";

/** What a proof is made of. */
export interface ProofRequest extends Omit<FixOptions, "unsafe"> {
  readonly sets: readonly ReadSet[];
  readonly findings: readonly Reported[];
  /** Rolls manifests out under load. */
  readonly tryOut: (sources: readonly ManifestSource[], as: "as it is" | "as fixed") => Promise<Tried>;
}

/** Tries a set of manifests as it is and as fixed. What could not be tried is told in the proof. */
export async function proveFindings({ sets, findings, tryOut, ...options }: ProofRequest): Promise<Proof> {
  const mended = await mendForProof(sets, findings, options);
  if (mended === undefined) return judgeProof({ findings: [], errors: [] });
  const trials = { findings: mended.findings, errors: [] };
  const asItIs = await orErrors(tryOut(mended.sources, "as it is"));
  if (Array.isArray(asItIs)) return judgeProof({ ...trials, errors: asItIs });
  const first = judgeProof({ ...trials, asItIs });
  // Where nothing was lost, or it was all for nothing, another trial shows no difference.
  if (mended.fixed === undefined || first.outcome !== "not-mended") return first;
  const asFixed = await orErrors(tryOut(mended.fixed, "as fixed"));
  return judgeProof({ ...trials, asItIs, ...(Array.isArray(asFixed) ? { errors: asFixed } : { asFixed }) });
}

/** Why a trial could not be made belongs to the answer; a bug does not. */
async function orErrors(trying: Promise<Tried>): Promise<Tried | SeaworthyError[]> {
  try {
    return await trying;
  } catch (error) {
    const all: unknown[] = error instanceof AggregateError ? error.errors : [error];
    const known = all.filter((each) => each instanceof SeaworthyError);
    if (known.length === 0 || known.length < all.length) throw error;
    return known;
  }
}
