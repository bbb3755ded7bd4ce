import { runTrial, type TrialEvent } from "@seaworthy/trial";
import { readApp, type AppReading } from "../app/read-app.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { embeddedOptions } from "../commands/embedded-options.ts";
import { createTrialView } from "../output/trial-view.ts";
import { trialDefaults } from "../trial-defaults.ts";
import { readTrial, type Tried } from "./tried.ts";

/**
 * One rollout of manifests under load, on a cluster of its own that is gone afterwards. Settings say how, as for a trial.
 * `told` are the texts of notices that nobody wants to hear again.
 */
export async function tryManifests(
  known: Required<AppReading>["known"],
  command: CommandInput,
  context: CommandContext,
  told: Set<string>,
): Promise<Tried> {
  const { flags } = command;
  const { settings, ...app } = await readApp(command, context, { command: "check", known });
  // Other flags of a check mean something else: its profile is one of rules.
  const options = embeddedOptions({ "allow-host": flags["allow-host"] }, settings, {
    cwd: context.cwd,
    profile: trialDefaults.profile,
  });
  const view = createTrialView(context, flags["verbose"] === true);
  const onEvent = (event: TrialEvent) => {
    if (event.type === "notice" && told.has(event.text)) return;
    if (event.type === "notice") told.add(event.text);
    view.onEvent(event);
  };
  await using clusters = new AsyncDisposableStack();
  try {
    return readTrial(
      await runTrial({
        ...app,
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
