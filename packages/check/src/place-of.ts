import type { Place } from "@seaworthy/errors";
import type { Finding } from "./rule.ts";

/** Where a finding is shown: at its field, or at the nearest one above it that is written. */
export function placeOf({ manifest, path, atKey = false, label }: Finding): Place {
  const place = atKey ? manifest.locateKey(path) : manifest.locate(path);
  return label === undefined ? place : { ...place, label };
}
