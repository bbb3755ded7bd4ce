import { resolve } from "node:path";
import type { ClusterOptions, ProfileName } from "@seaworthy/cluster";
import type { FlagValues } from "../command.ts";
import { numberFlag, runFlag, textFlag } from "../flag-values.ts";
import { standInFlag } from "../stand-in-flag.ts";

/** What the flags and the settings say about the embedded cluster. Flags win over settings. */
export function embeddedOptions(
  flags: FlagValues,
  settings: { readonly run: NonNullable<ClusterOptions["run"]>; readonly cwd: string },
  { cwd, profile: usual }: { readonly cwd: string; readonly profile: ProfileName },
): ClusterOptions {
  const flagged = runFlag(flags);
  const profile = textFlag(flags, "profile") ?? usual;
  const standIn = standInFlag(flags);
  const dataDir = textFlag(flags, "data-dir");
  return {
    seed: numberFlag(flags, "seed", { min: 0, max: 4_294_967_295 }) ?? 1,
    // A path in --run is meant from where the command was typed, one in the settings from their folder.
    run: { ...startingIn(settings.cwd, settings.run), ...startingIn(cwd, flagged) },
    profile: profile as ProfileName,
    allowHost: flags["allow-host"] === true,
    ...(standIn === undefined ? {} : { standIn }),
    ...(dataDir === undefined ? {} : { dataDir: resolve(cwd, dataDir) }),
  };
}

function startingIn(
  cwd: string,
  run: NonNullable<ClusterOptions["run"]>,
): NonNullable<ClusterOptions["run"]> {
  const started = Object.entries(run).map(([image, entry]) => {
    const known = typeof entry === "string" ? { command: entry } : entry;
    return [image, { ...known, cwd }] as const;
  });
  return Object.fromEntries(started);
}
