import type { StartLoadOptions } from "@seaworthy/load";
import type { PreparedTrial } from "../prepare-trial.ts";

/** From where the trial sends its load, and who says where connections to Services lead. */
export function loadOptions({ request, resolved, environment }: PreparedTrial): StartLoadOptions {
  const { signal } = request;
  if (resolved.dial === undefined) return { signal };
  return { signal, dial: resolved.dial, enter: environment.enter };
}
