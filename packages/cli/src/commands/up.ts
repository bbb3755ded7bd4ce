import type { ManifestSet } from "@seaworthy/app";
import { Cluster } from "@seaworthy/cluster";
import { formatNotice, type Notice } from "@seaworthy/errors";
import { actsUpon, isIdle, type KubeObject, type Manifest } from "@seaworthy/kube";
import {
  applyManifests,
  checkReferences,
  makeMissingClasses,
  makeMissingDefinitions,
  ensureNamespaces,
  podTargets,
  rolloutTargets,
  waitForRollout,
} from "@seaworthy/release";
import { listUrls } from "@seaworthy/targets";
import { readApp } from "../app/read-app.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { durationFlag, numberFlag, textFlag } from "../flag-values.ts";
import { paintFor } from "../output/paint.ts";
import { formatError } from "../print-error.ts";
import { untilAborted } from "./cluster.ts";
import { embeddedOptions } from "./embedded-options.ts";
import { keepCluster, type StartedCluster } from "./keep-cluster.ts";

/** `seaworthy up`: applies, waits until ready, prints the URLs, runs until Ctrl-C. */
export async function run(input: CommandInput, context: CommandContext): Promise<number> {
  return await keepCluster(input.flags, context, (takeOver) => bringUp(input, context, takeOver));
}

async function bringUp(
  { args, flags }: CommandInput,
  context: CommandContext,
  takeOver: (cluster: StartedCluster) => void,
): Promise<number> {
  const { stdout, stderr, cwd, signal } = context;
  const startedAt = performance.now();
  const paths = args.length === 0 ? ["."] : args;
  const ingressPort = numberFlag(flags, "port", { min: 0, max: 65_535 });
  const ingressTlsPort = numberFlag(flags, "tls-port", { min: 0, max: 65_535 });
  const speed = numberFlag(flags, "speed", { min: 1, max: 100 });
  const timeoutMs = durationFlag(flags, "timeout") ?? 60_000;
  const namespace = textFlag(flags, "namespace") ?? "default";
  const app = await readApp({ args: paths, flags }, context, { command: "up" });
  const options = embeddedOptions(flags, app.settings, { cwd, profile: "instant" });
  const paint = paintFor(stderr);
  const onNotice = (notice: Notice) =>
    stderr.write(`! ${formatNotice(notice, { all: flags["verbose"] === true })}\n`);
  app.notices.forEach(onNotice);
  const cluster = await Cluster.start({
    ...options,
    ...(ingressPort === undefined ? {} : { ingressPort }),
    ...(ingressTlsPort === undefined ? {} : { ingressTlsPort }),
    ...(speed === undefined ? {} : { speed }),
    onProblem: (problem) => stderr.write(formatError(problem, paint)),
    onNotice: (text) => onNotice({ text }),
  });
  takeOver(cluster);
  cluster.findGaps(app.manifests.map(({ object }) => object)).forEach(onNotice);
  await applyAndWait(cluster, app, {
    namespace,
    timeoutMs,
    signal,
    onNotice,
  });
  stderr.write(`  ready in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  const { urls, notices } = await listUrls(cluster, objectsIn(app.manifests, namespace), signal);
  notices.forEach(onNotice);
  for (const { url, host, what } of urls)
    stdout.write(`${url}   ${host === undefined ? "" : `Host: ${host}   `}${what}\n`);
  if (cluster.standIns.length > 0)
    onNotice({ text: "run as stand-ins (--run IMAGE=COMMAND runs your process)", names: cluster.standIns });
  stderr.write(`  export KUBECONFIG=${cluster.kubeconfigPath}\n  Ctrl-C ends it and everything it started\n`);
  await untilAborted(signal);
  return 0;
}

interface UpOptions {
  readonly namespace: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onNotice: (notice: Notice) => void;
}

async function applyAndWait(
  cluster: Cluster,
  set: ManifestSet,
  { namespace, timeoutMs, signal, onNotice }: UpOptions,
): Promise<void> {
  const { client } = cluster;
  const { manifests } = set;
  const missing = await checkReferences(set, {
    kind: "embedded",
    client,
    namespace,
    runs: actsUpon,
    onNotice,
  });
  await makeMissingClasses(client, missing);
  const objects = manifests.map((manifest) => manifest.object);
  await makeMissingDefinitions(client, objects, onNotice);
  const namespaces = new Set([
    namespace,
    ...objects.map((object) => object.metadata.namespace).filter((name) => name !== undefined),
  ]);
  await ensureNamespaces(client, [...namespaces], objects);
  await applyManifests(client, manifests, {
    namespace,
    isIdle,
    onNotice,
  });
  const targets = [...rolloutTargets(manifests, namespace), ...podTargets(manifests, namespace)];
  if (targets.length === 0)
    onNotice({
      text: "nothing of this is waited for: there is no Deployment, StatefulSet, DaemonSet or Pod",
    });
  await Promise.all(targets.map((target) => waitForRollout(client, target, { timeoutMs, signal })));
}

/** Objects without a namespace are where they were applied. */
function objectsIn(manifests: readonly Manifest[], namespace: string): KubeObject[] {
  return manifests.map(({ object }) => ({ ...object, metadata: { namespace, ...object.metadata } }));
}
