import { sharesOf, type MixRequest, type Settings } from "@seaworthy/app";
import type { FlagValues } from "../command.ts";

/** What users ask, where the settings say so. `--path` asks for one path instead. */
export function readMix(
  flags: FlagValues,
  { trial: { requests } }: Settings,
): readonly MixRequest[] | undefined {
  if (requests === undefined || flags["path"] !== undefined) return undefined;
  const weights = sharesOf(requests.map(({ weight }) => weight));
  return requests.map((request, index) => ({ ...request, weight: weights[index]! }));
}
