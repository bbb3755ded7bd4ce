import { checkHostAccess, parseManifestSet, type ManifestSource, type Settings } from "@seaworthy/app";
import { runTrial, type TrialEvent } from "@seaworthy/trial";
import type { CommandContext, CommandInput } from "../command.ts";
import { embeddedOptions } from "../commands/embedded-options.ts";
import { createTrialView } from "../output/trial-view.ts";
import { trialDefaults } from "../trial-defaults.ts";
import { readTrial, type Tried } from "./tried.ts";

/** One rollout of manifests under load, on a cluster of its own that is gone afterwards. Settings say how, as for a trial. */
export async function tryManifests(
  sources: readonly ManifestSource[],
  { args: paths, flags }: CommandInput,
  settings: Settings,
  {
    context,
    told,
  }: { readonly context: CommandContext; /** Notices that were told already. */ readonly told: Set<string> },
): Promise<Tried> {
  const set = parseManifestSet(sources, { command: "check", allowCustomKinds: false });
  const { cwd } = context;
  const isAllowed = flags["allow-host"] === true;
  const view = createTrialView(context, flags["verbose"] === true);
  const onEvent = (event: TrialEvent) => {
    if (event.type === "notice" && told.has(event.text)) return;
    if (event.type === "notice") told.add(event.text);
    view.onEvent(event);
  };
  await using clusters = new AsyncDisposableStack();
  try {
    const hostAccess = checkHostAccess(set.manifests, { paths, cwd, isAllowed });
    if (hostAccess !== undefined) onEvent({ type: "notice", text: hostAccess });
    const options = embeddedOptions({ "allow-host": isAllowed }, settings, {
      cwd,
      profile: trialDefaults.profile,
    });
    const { path, host, rate } = settings.trial;
    return readTrial(
      await runTrial({
        ...set,
        cluster: { kind: "embedded", options },
        host,
        path,
        ratePerSecond: rate ?? trialDefaults.ratePerSecond,
        scenarios: ["rollout"],
        rounds: 1,
        seed: trialDefaults.seed,
        timeoutMs: trialDefaults.timeoutMs,
        sourceAddresses: [],
        keep: false,
        takeOver: (environment) => void clusters.use(environment),
        signal: context.signal,
        onEvent,
      }),
    );
  } finally {
    view.end();
  }
}
