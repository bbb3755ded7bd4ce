import type { CommandContext, FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import { reportError } from "../report-error.ts";
import { untilAborted } from "./cluster.ts";

/** A cluster that was started; an embedded one has a kubeconfig. */
export interface StartedCluster extends AsyncDisposable {
  readonly kubeconfigPath?: string;
}

/**
 * Ends the cluster that `act` starts and hands over. With `--keep` an embedded one outlives `act`, failed or not, until
 * Ctrl-C, so that it can be looked at.
 */
export async function keepCluster(
  flags: FlagValues,
  context: CommandContext,
  act: (takeOver: (cluster: StartedCluster) => void) => Promise<number>,
): Promise<number> {
  await using started = new AsyncDisposableStack();
  let kubeconfigPath: string | undefined;
  const takeOver = (cluster: StartedCluster) => {
    started.use(cluster);
    kubeconfigPath = cluster.kubeconfigPath;
  };
  let exitCode: number;
  try {
    exitCode = await act(takeOver);
  } catch (error) {
    if (flags["keep"] !== true || kubeconfigPath === undefined || context.signal.aborted) throw error;
    exitCode = reportError(error, textFlag(flags, "output") === "json", context);
  }
  if (flags["keep"] === true && kubeconfigPath !== undefined && !context.signal.aborted) {
    context.stderr.write(
      `  kept        export KUBECONFIG=${kubeconfigPath}\n  Ctrl-C ends it and everything it started\n`,
    );
    await untilAborted(context.signal);
  }
  return exitCode;
}
