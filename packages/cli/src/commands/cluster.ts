import { once } from "node:events";
import { Cluster } from "@seaworthy/cluster";
import type { CommandContext, CommandInput } from "../command.ts";
import { numberFlag, textFlag } from "../flag-values.ts";
import { paintFor } from "../output/paint.ts";
import { formatError } from "../print-error.ts";
import { saveMemory } from "../save-memory.ts";
import { embeddedOptions } from "./embedded-options.ts";

/** `seaworthy cluster`: runs until Ctrl-C. */
export async function run({ flags }: CommandInput, context: CommandContext): Promise<number> {
  const { stdout, stderr, cwd, signal } = context;
  const apiPort = numberFlag(flags, "port", { min: 0, max: 65_535 });
  const ingressPort = numberFlag(flags, "ingress-port", { min: 0, max: 65_535 });
  const ingressTlsPort = numberFlag(flags, "ingress-tls-port", { min: 0, max: 65_535 });
  const nodes = numberFlag(flags, "nodes", { min: 1, max: 100 });
  const hollowNodes = numberFlag(flags, "hollow-nodes", { min: 0, max: 5_000 });
  const paint = paintFor(stderr);
  saveMemory();
  await using cluster = await Cluster.start({
    ...embeddedOptions(flags, { run: {}, cwd }, { cwd, profile: "instant" }),
    ...(apiPort === undefined ? {} : { apiPort }),
    ...(ingressPort === undefined ? {} : { ingressPort }),
    ...(ingressTlsPort === undefined ? {} : { ingressTlsPort }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(hollowNodes === undefined ? {} : { hollowNodes }),
    onProblem: (problem) => stderr.write(formatError(problem, paint)),
    onNotice: (text) => stderr.write(`! ${text}\n`),
  });
  const { kubeconfigPath, apiUrl, ingressUrl } = cluster;
  const ingressTlsUrl = `https://127.0.0.1:${cluster.ingressTlsPort}`;
  if (textFlag(flags, "output") === "json") {
    stdout.write(
      `${JSON.stringify({ schema: "seaworthy.dev/cluster/v1", kubeconfig: kubeconfigPath, apiUrl, ingressUrl, ingressTlsUrl })}\n`,
    );
  } else {
    stdout.write(`export KUBECONFIG=${kubeconfigPath}\n`);
    stderr.write(
      `  API server  ${apiUrl}\n  Ingress     ${ingressUrl}, ${ingressTlsUrl}\n  Ctrl-C ends it and everything it started\n`,
    );
  }
  await untilAborted(signal);
  return 0;
}

/** Resolves at Ctrl-C; at once when it was pressed before. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // Nothing else may be pending in this process, and an AbortSignal alone does not keep it alive.
  const keepAlive = setInterval(() => {}, 60_000);
  await once(signal, "abort");
  clearInterval(keepAlive);
}
