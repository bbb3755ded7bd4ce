import { errorAsData } from "../print-error.ts";
import { trialDefaults } from "../trial-defaults.ts";
import type { Proof } from "./proof.ts";
import type { Losses, Tried } from "./tried.ts";

/** A proof as data: the member `proof` of docs/schemas/check-v1.schema.json. */
export function proofJson(proof: Proof, ratePerSecond: number): Record<string, unknown> {
  const { outcome, text, findings, asItIs, asFixed, errors } = proof;
  return {
    schema: "seaworthy.dev/proof/v1",
    outcome,
    text,
    trial: {
      scenario: "rollout",
      rounds: 1,
      ratePerSecond,
      seed: trialDefaults.seed,
      profile: trialDefaults.profile,
    },
    findings: findings.map(({ found, deployment, mend }) => ({
      rule: found.rule,
      object: found.object ?? null,
      file: found.place?.file ?? null,
      line: found.place?.line ?? null,
      deployment: deployment ?? null,
      mend: mend ?? null,
    })),
    asItIs: asItIs === undefined ? null : triedAsData(asItIs),
    asFixed: asFixed === undefined ? null : triedAsData(asFixed),
    errors: errors.map(errorAsData),
  };
}

function triedAsData({ deployments, doubt, ...tried }: Tried): Record<string, unknown> {
  const { requests, causes, badEnds, standIns } = tried;
  return {
    requests,
    ...lossesAsData(tried),
    deployments: [...deployments].map(([name, losses]) => ({ name, ...lossesAsData(losses) })),
    causes,
    badEnds,
    standIns,
    doubt: doubt ?? null,
  };
}

function lossesAsData({ lost, podEnds }: Losses): Record<string, unknown> {
  return { lost, podEnds, lostPerPodEnd: podEnds === 0 ? null : lost / podEnds };
}
