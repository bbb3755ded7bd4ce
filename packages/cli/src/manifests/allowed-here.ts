import { checkHostAccess, type ManifestSet } from "@seaworthy/app";
import type { Manifest } from "@seaworthy/kube";
import type { CommandInput } from "../command.ts";

/**
 * A set that is about to run on the embedded cluster, with a notice of what it, or what comes after it, asks of this machine
 * itself. Throws SW1301 where `--allow-host` does not allow that.
 */
export function allowedHere<Set extends ManifestSet>(
  set: Set,
  { args, flags }: CommandInput,
  cwd: string,
  next: readonly Manifest[] = [],
): Set {
  const isAllowed = flags["allow-host"] === true;
  const access = checkHostAccess([...set.manifests, ...next], { paths: args, cwd, isAllowed });
  return access === undefined ? set : { ...set, notices: [...set.notices, { text: access }] };
}
