import type { ReadSet, Settings } from "@seaworthy/app";
import type { FixOptions, Reported } from "@seaworthy/check";
import type { CommandContext, CommandInput } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { tellingFor } from "../output/telling-for.ts";
import { trialDefaults } from "../trial-defaults.ts";
import { proofJson } from "./proof-json.ts";
import { proofText } from "./proof-text.ts";
import type { Proof } from "./proof.ts";
import { proveFindings } from "./prove-findings.ts";
import { tryManifests } from "./try-manifests.ts";

/** What was found, and how it is told. */
export interface ProofInput extends Omit<FixOptions, "unsafe"> {
  readonly command: CommandInput;
  readonly settings: Settings;
  readonly sets: readonly ReadSet[];
  readonly findings: readonly Reported[];
  /** Prints the findings, with a proof as data where the format has a place for it. */
  readonly tellFindings: (proof?: Record<string, unknown>) => void;
}

/** Tries findings on the embedded cluster and tells what that shows: to people after the findings, who wait for it meanwhile. */
export async function tellProof(
  { command, settings, tellFindings, ...request }: ProofInput,
  context: CommandContext,
): Promise<Proof> {
  const { stdout, stderr } = context;
  const isJson = textFlag(command.flags, "output") === "json";
  if (!isJson) tellFindings();
  const told = new Set<string>();
  const proof = await proveFindings({
    ...request,
    tryOut: (sources, as) => {
      stderr.write(`  a rollout ${as}\n`);
      return tryManifests({ settings, sources }, command, context, told);
    },
  });
  if (isJson) tellFindings(proofJson(proof, settings.trial.rate ?? trialDefaults.ratePerSecond));
  else stdout.write(`\n${proofText(proof, tellingFor(stdout))}`);
  return proof;
}
