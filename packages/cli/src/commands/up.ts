import { Cluster } from "@seaworthy/cluster";
import type { KubeObject, Manifest } from "@seaworthy/kube";
import { applyManifests, ensureNamespaces, rolloutTargets, waitForRollout } from "@seaworthy/release";
import { checkHostAccess, listUrls, readManifests, readSettings } from "@seaworthy/trial";
import type { CommandContext, CommandInput } from "../command.ts";
import { durationFlag, numberFlag, textFlag } from "../flag-values.ts";
import { formatError, paintFor } from "../print-error.ts";
import { untilAborted } from "./cluster.ts";
import { embeddedOptions } from "./embedded-options.ts";

/** `seaworthy up`: applies, waits until ready, prints the URLs, runs until Ctrl-C. */
export async function run({ args, flags }: CommandInput, context: CommandContext): Promise<number> {
  const { stdout, stderr, cwd, signal } = context;
  const startedAt = performance.now();
  const paths = args.length === 0 ? ["."] : args;
  const ingressPort = numberFlag(flags, "port", { min: 0, max: 65_535 });
  const timeoutMs = durationFlag(flags, "timeout") ?? 60_000;
  const namespace = textFlag(flags, "namespace") ?? "default";
  const settings = await readSettings(paths[0]!, cwd);
  const options = embeddedOptions(flags, settings, { cwd, profile: "instant" });
  const manifests = await readManifests(paths, { cwd, allowCustomKinds: false });
  const isAllowed = flags["allow-host"] === true;
  const hostAccess = checkHostAccess(manifests, { paths, cwd, isAllowed });
  if (hostAccess !== undefined) stderr.write(`! ${hostAccess}\n`);
  const paint = paintFor(stderr);
  await using cluster = await Cluster.start({
    ...options,
    ...(ingressPort === undefined ? {} : { ingressPort }),
    onProblem: (problem) => stderr.write(formatError(problem, paint)),
    onNotice: (text) => stderr.write(`! ${text}\n`),
  });
  await applyAndWait(cluster, manifests, {
    namespace,
    timeoutMs,
    context,
  });
  stderr.write(`  ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  const { urls, notices } = await listUrls(cluster, objectsIn(manifests, namespace), signal);
  for (const text of notices) stderr.write(`! ${text}\n`);
  for (const { url, host, what } of urls)
    stdout.write(`${url}   ${host === undefined ? "" : `Host: ${host}   `}${what}\n`);
  for (const image of cluster.standIns)
    stderr.write(`! ${image} is run as a stand-in: --run ${image}=COMMAND runs your process\n`);
  stderr.write(`  export KUBECONFIG=${cluster.kubeconfigPath}\n  Ctrl-C ends it and everything it started\n`);
  await untilAborted(signal);
  return 0;
}

async function applyAndWait(
  cluster: Cluster,
  manifests: readonly Manifest[],
  { namespace, timeoutMs, context }: { namespace: string; timeoutMs: number; context: CommandContext },
): Promise<void> {
  const objects = manifests.map((manifest) => manifest.object);
  const namespaces = new Set([
    namespace,
    ...objects.map((object) => object.metadata.namespace).filter((name) => name !== undefined),
  ]);
  await ensureNamespaces(cluster.client, [...namespaces], objects);
  await applyManifests(cluster.client, manifests, {
    namespace,
    onNotice: (text) => context.stderr.write(`! ${text}\n`),
  });
  await Promise.all(
    rolloutTargets(manifests, namespace).map((target) =>
      waitForRollout(cluster.client, target, { timeoutMs, signal: context.signal }),
    ),
  );
}

/** Objects without a namespace are where they were applied. */
function objectsIn(manifests: readonly Manifest[], namespace: string): KubeObject[] {
  return manifests.map(({ object }) => ({ ...object, metadata: { namespace, ...object.metadata } }));
}
