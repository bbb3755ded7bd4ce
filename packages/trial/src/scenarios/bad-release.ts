import { setTimeout as sleep } from "node:timers/promises";
import { releaseBadVersion } from "./release-bad-version.ts";
import type { Scenario } from "./scenario.ts";
import type { Template } from "./with-template.ts";

/** A bad version stays for so long after its first pod came: its containers end and are started again. */
const stayMs = 6_000;

type Change = (template: Template) => Template;
type Container = Template["spec"]["containers"][number];

/** Versions that are bad wherever they run, whatever the image: by what the node does with them, not by a program in them. */
const badVersions: readonly Change[] = [
  // It cannot start: its settings are missing.
  eachContainer((container) => ({
    ...container,
    envFrom: [...(container.envFrom ?? []), { configMapRef: { name: "seaworthy-bad-release" } }],
  })),
  // It is ended again and again: it does not listen where it is asked.
  eachContainer((container) => ({
    ...container,
    startupProbe: { tcpSocket: { port: 1 }, periodSeconds: 1, failureThreshold: 1 },
  })),
  // It runs, and is never ready. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate
  ({ spec, ...template }) => ({
    ...template,
    spec: { ...spec, readinessGates: [{ conditionType: "seaworthy.dev/never" }] },
  }),
];

function eachContainer(change: (container: Container) => Container): Change {
  return ({ spec, ...template }) => ({
    ...template,
    spec: { ...spec, containers: spec.containers.map(change) },
  });
}

/**
 * A version that cannot start, one that does not stay up and one that never gets ready: each is released, stays for a while and
 * is taken back. The old pods must carry the requests all the time.
 */
export const badRelease: Scenario = {
  name: "bad-release",
  pods: "left",
  unfit: async () => undefined,
  estimateMs: ({ startMs, endMs }) => badVersions.length * (startMs + stayMs + endMs),
  async act(stage) {
    const rounds = badVersions.length;
    for (const [index, change] of badVersions.entries()) {
      stage.onEvent({ type: "round-start", round: index + 1, rounds });
      await Promise.all(
        stage.deployments.map((each) =>
          releaseBadVersion(stage, each, change, async ({ badPods }) => {
            await stage.recorder.until(() => badPods().length > 0, stage.timeoutMs, stage.signal);
            await sleep(stayMs, undefined, { signal: stage.signal });
          }),
        ),
      );
    }
    return rounds;
  },
};
