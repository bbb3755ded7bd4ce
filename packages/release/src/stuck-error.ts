import type { KubeClient } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import { formatFieldPath, type Deployment } from "@seaworthy/kube";
import { describePod } from "./diagnosis/describe-pod.ts";
import { diagnose } from "./diagnosis/diagnose.ts";
import type { Diagnosis } from "./diagnosis/diagnosis.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import type { RolloutTarget } from "./wait-for-rollout.ts";

/**
 * Why a rollout is stuck, with all that `kubectl describe` and `kubectl logs` would show: an embedded cluster is gone by the
 * time that anybody could ask it.
 */
export async function stuckError(
  client: KubeClient,
  target: RolloutTarget,
  waitedMs: number,
): Promise<SeaworthyError> {
  const { kind = "Deployment", namespace, name } = target;
  const evidence = await gatherEvidence(client, target).catch(() => undefined);
  const diagnosis = evidence === undefined ? undefined : diagnose(evidence);
  const deployment = kind === "Pod" ? undefined : (evidence?.workload as Deployment | undefined);
  const serving = deployment?.status?.availableReplicas ?? 0;
  const place = target.placeOf?.(diagnosis?.field ?? ["spec"]);
  return new SeaworthyError(
    serving > 0 ? "SW4001" : "SW4002",
    `${name} ${serving > 0 ? "is stuck in its rollout" : "never gets ready"}: ${diagnosis?.sentence ?? "nothing moves and no pod says why"}`,
    {
      place:
        place === undefined || diagnosis === undefined
          ? place
          : { ...place, label: place.label ?? diagnosis.why },
      object: `${kind} ${namespace}/${name}`,
      ...(diagnosis === undefined ? {} : { field: formatFieldPath(diagnosis.field), why: diagnosis.why }),
      seen: [
        ...(diagnosis?.seen ?? []),
        ...(serving > 0 ? [`${serving} of ${deployment?.spec.replicas ?? 1} pods still serve`] : []),
        ...(diagnosis?.pod === undefined ? [] : describePod(diagnosis.pod, evidence?.events ?? [])),
        ...(await lastLogLines(client, namespace, diagnosis)),
        `waited ${(waitedMs / 1000).toFixed(1)} s`,
      ],
      next: [...(diagnosis?.next ?? []), "--keep leaves the cluster up, to look at it with kubectl"],
    },
  );
}

const logLines = 6;
const logPatienceMs = 3_000;

async function lastLogLines(
  client: KubeClient,
  namespace: string,
  diagnosis: Diagnosis | undefined,
): Promise<string[]> {
  const pod = diagnosis?.pod?.metadata.name;
  const of = diagnosis?.logOf;
  if (of === undefined || pod === undefined) return [];
  const read = (previous: boolean) => readLog(client, namespace, pod, { container: of.container, previous });
  const text = (await read(of.previous)) || (of.previous ? await read(false) : "");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return [`${of.container} wrote no log`];
  return [
    `last lines of ${of.container}'s log:`,
    ...lines.slice(-logLines).map((line) => `  ${line.slice(0, 200)}`),
  ];
}

async function readLog(
  client: KubeClient,
  namespace: string,
  pod: string,
  of: { readonly container: string; readonly previous: boolean },
): Promise<string> {
  let text = "";
  try {
    const options = { ...of, tailLines: logLines, signal: AbortSignal.timeout(logPatienceMs) };
    for await (const chunk of client.logs(namespace, pod, options)) text += chunk;
  } catch {
    // No log is not a reason to hide the diagnosis.
  }
  return text;
}
