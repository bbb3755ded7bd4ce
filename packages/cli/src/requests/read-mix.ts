import { dirname, resolve } from "node:path";
import { parseSettings, sharesOf, type MixRequest, type Settings } from "@seaworthy/app";
import { SeaworthyError } from "@seaworthy/errors";
import type { FlagValues } from "../command.ts";
import { readInput } from "../load/read-input.ts";

/** What users ask, where the settings say so. `--path` asks for one path instead. */
export function readMix(
  flags: FlagValues,
  { trial: { requests } }: Settings,
): readonly MixRequest[] | undefined {
  return requests === undefined || flags["path"] !== undefined ? undefined : withShares(requests);
}

/** What users ask by `trial.requests` of a settings file. Throws SW1003 and SW1110, and what is wrong in it with the place. */
export async function readMixFile(file: string, cwd: string): Promise<readonly MixRequest[]> {
  const text = (await readInput(file, "mix", cwd)).toString("utf8");
  const { requests } = parseSettings(text, file, dirname(resolve(cwd, file))).trial;
  if (requests !== undefined) return withShares(requests);
  throw new SeaworthyError("SW1110", `${file} has no trial.requests`, {
    field: "trial.requests",
    next: ["write `trial: { requests: [{ path: /orders }] }`, as in a seaworthy.yaml"],
  });
}

function withShares(requests: readonly MixRequest[]): MixRequest[] {
  const weights = sharesOf(requests.map(({ weight }) => weight));
  return requests.map((request, index) => ({ ...request, weight: weights[index]! }));
}
