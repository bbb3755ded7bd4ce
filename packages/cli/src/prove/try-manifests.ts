import { parseManifestSet, type ManifestSource, type Settings } from "@seaworthy/app";
import { runTrial, type TrialEvent } from "@seaworthy/trial";
import type { CommandContext, CommandInput } from "../command.ts";
import { embeddedOptions } from "../commands/embedded-options.ts";
import { allowedHere } from "../manifests/allowed-here.ts";
import { createTrialView } from "../output/trial-view.ts";
import { readAsked } from "../requests/read-asked.ts";
import { trialDefaults } from "../trial-defaults.ts";
import { readTrial, type Tried } from "./tried.ts";

/** One rollout of manifests under load, on a cluster of its own that is gone afterwards. Settings say how, as for a trial. */
export async function tryManifests(
  sources: readonly ManifestSource[],
  command: CommandInput,
  settings: Settings,
  {
    context,
    told,
  }: { readonly context: CommandContext; /** Notices that were told already. */ readonly told: Set<string> },
): Promise<Tried> {
  const { cwd } = context;
  const parsed = parseManifestSet(sources, { command: "check", allowCustomKinds: false });
  const view = createTrialView(context, command.flags["verbose"] === true);
  const onEvent = (event: TrialEvent) => {
    if (event.type === "notice" && told.has(event.text)) return;
    if (event.type === "notice") told.add(event.text);
    view.onEvent(event);
  };
  await using clusters = new AsyncDisposableStack();
  try {
    const set = allowedHere(parsed, command, cwd);
    const asked = await readAsked({}, { ...context, ...set, paths: command.args, settings });
    const options = embeddedOptions({ "allow-host": command.flags["allow-host"] }, settings, {
      cwd,
      profile: trialDefaults.profile,
    });
    return readTrial(
      await runTrial({
        ...asked,
        ...set,
        cluster: { kind: "embedded", options },
        ratePerSecond: settings.trial.rate ?? trialDefaults.ratePerSecond,
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
