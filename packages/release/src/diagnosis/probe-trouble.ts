import type { CoreEvent, Pod } from "@seaworthy/kube";
import { eventsOf, podSpecPath, waitingLine, type Diagnosis, type RolloutEvidence } from "./diagnosis.ts";

type ProbeName = "readiness" | "liveness" | "startup";

/** Why the probes of a pod that runs say no. `counts` chooses among probes. */
export function probeTrouble(
  pod: Pod,
  count: number,
  evidence: RolloutEvidence,
  counts: (probe: ProbeName, container: string | undefined) => boolean = () => true,
): Diagnosis | undefined {
  const unhealthy = eventsOf(pod, evidence.events).filter(
    (event) => event.reason === "Unhealthy" && counts(probeOf(event), containerOf(event)),
  );
  // A probe that restarts the container is worse than one that only takes the pod out.
  const event = unhealthy.find((each) => probeOf(each) !== "readiness") ?? unhealthy.at(-1);
  if (event === undefined) return undefined;
  const name = probeOf(event);
  const container = containerOf(event) ?? pod.spec.containers[0]?.name ?? "";
  const index = Math.max(
    0,
    pod.spec.containers.findIndex((each) => each.name === container),
  );
  return {
    kind: `${name} probe of ${container}`,
    sentence: `pod ${pod.metadata.name} runs but its ${name} probe fails: ${shortProbeMessage(event.message ?? "")}`,
    why:
      name === "readiness"
        ? "a pod gets requests, and counts as available, only when this probe passes"
        : `a failing ${name} probe restarts the container`,
    seen: [
      waitingLine(count, pod),
      `${event.count ?? 1} time${(event.count ?? 1) === 1 ? "" : "s"}: ${event.message ?? ""}`.trim(),
    ],
    next: [
      `let the app answer where the probe asks (${describeProbe(pod, index, name)}), or correct the probe`,
    ],
    field: [...podSpecPath(evidence), "containers", index, `${name}Probe`],
    pod,
    logOf: { container, previous: false },
    certainAfterMs: undefined,
  };
}

function probeOf(event: CoreEvent): ProbeName {
  const [, name = "Readiness"] = /^(Readiness|Liveness|Startup)/.exec(event.message ?? "") ?? [];
  return name.toLowerCase() as ProbeName;
}

function containerOf(event: CoreEvent): string | undefined {
  return /\{(.+)\}/.exec(event.involvedObject?.fieldPath ?? "")?.[1];
}

function describeProbe(pod: Pod, index: number, name: ProbeName): string {
  const probe = pod.spec.containers[index]?.[`${name}Probe`];
  if (probe?.httpGet !== undefined) return `GET ${probe.httpGet.path ?? "/"} on port ${probe.httpGet.port}`;
  if (probe?.tcpSocket !== undefined) return `TCP port ${probe.tcpSocket.port}`;
  if (probe?.grpc !== undefined) return `gRPC health check on port ${probe.grpc.port}`;
  if (probe?.exec !== undefined) return `exit 0 of ${(probe.exec.command ?? []).join(" ")}`;
  return "see the probe";
}

function shortProbeMessage(message: string): string {
  return (
    message
      .replace(/^(Readiness|Liveness|Startup) probe (failed|errored)[^:]*: */, "")
      .trim()
      .split("\n")[0] ?? message
  );
}
