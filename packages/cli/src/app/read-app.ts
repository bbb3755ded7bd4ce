import {
  checkHostAccess,
  parseManifestSet,
  readManifests,
  readSettings,
  type ManifestSource,
  type ReadManifestsOptions,
  type Settings,
  type SourcedManifests,
} from "@seaworthy/app";
import type { Manifest } from "@seaworthy/kube";
import type { CommandContext, CommandInput } from "../command.ts";
import { listFlag, namesCluster } from "../flag-values.ts";
import { manifestOptions, settingsStart } from "../manifests/manifest-options.ts";
import { readAsked, type Asked } from "../requests/read-asked.ts";

/** An app that is about to run: its objects, what its settings say, and what its users ask. */
export interface App extends SourcedManifests, Asked {
  readonly settings: Settings;
  /** The objects of its next version, where `--to` names them. */
  readonly next: readonly Manifest[] | undefined;
}

/** How an app is read. */
export interface AppReading extends Pick<ReadManifestsOptions, "command"> {
  /** What was read before, and may have been mended since, in place of what is there now. */
  readonly known?: { readonly settings: Settings; readonly sources: readonly ManifestSource[] };
}

/**
 * Reads the app behind the paths of a call: its settings, its objects, whether they may run on this machine, and by all of
 * these what its users ask. Throws SW1301 where they ask the machine for more than `--allow-host` allows; a cluster that is
 * somebody's decides that by itself, and may know custom kinds.
 */
export async function readApp(
  { args: paths, flags }: CommandInput,
  context: CommandContext,
  { command, known }: AppReading,
): Promise<App> {
  const isReal = namesCluster(flags);
  const options = { ...manifestOptions(context, command), allowCustomKinds: isReal };
  const settings = known?.settings ?? (await readSettings(settingsStart(paths), context.cwd));
  const set =
    known === undefined
      ? await readManifests(paths, options)
      : { ...parseManifestSet(known.sources, options), sources: known.sources };
  const to = listFlag(flags, "to");
  const next = to.length === 0 ? undefined : (await readManifests(to, options)).manifests;
  const access = isReal
    ? undefined
    : checkHostAccess([...set.manifests, ...(next ?? [])], {
        paths,
        cwd: context.cwd,
        isAllowed: flags["allow-host"] === true,
      });
  const asked = await readAsked(flags, { ...context, ...set, paths, settings });
  return {
    ...set,
    ...asked,
    notices: [...set.notices, ...(access === undefined ? [] : [{ text: access }]), ...asked.notices],
    settings,
    next,
  };
}
