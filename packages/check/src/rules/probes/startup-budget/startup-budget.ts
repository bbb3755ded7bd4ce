import { containerRule } from "../../../make-rule.ts";
import { probeNames, probeTiming } from "../../../objects/containers/probe-timing.ts";

/** A startup probe that gives up sooner than other probes say the start may take. */
export const startupBudget = containerRule(
  {
    id: "startup-budget",
    severity: "warning",
    title: "the startup probe gives up before the start is over",
    why: `When the startup probe has failed \`failureThreshold\` times, the container is killed and started anew. The delay of
another probe says that the start may take longer than that: then it is killed at the same place each time.`,
    mend: `\`failureThreshold\` × \`periodSeconds\` must be longer than the slowest start, with room to spare. The delays of
the other probes can go: these do not ask before the startup probe has succeeded.`,
    sources: [
      "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes",
    ],
    profile: "default",
  },
  function* look({ container, path }, { manifest }) {
    const { startupProbe } = container;
    if (!startupProbe) return;
    const { budgetSeconds, periodSeconds, initialDelaySeconds } = probeTiming(startupProbe);
    const others = probeNames
      .filter((name) => name !== "startupProbe")
      .map((name) => ({ name, seconds: container[name]?.initialDelaySeconds ?? 0 }));
    const slowest = others.toSorted((a, b) => b.seconds - a.seconds)[0]!;
    if (slowest.seconds <= budgetSeconds) return;
    const value = Math.ceil((slowest.seconds * 2 - initialDelaySeconds) / periodSeconds);
    const field = ["startupProbe", "failureThreshold"];
    const { file, line } = manifest.locate([...path, slowest.name, "initialDelaySeconds"]);
    yield {
      path: field,
      message: `container ${container.name} is killed when its start takes ${budgetSeconds} s, and ${slowest.name} waits ${slowest.seconds} s for it`,
      label: `gives up after ${budgetSeconds} s`,
      seen: [`${file}:${line} waits ${slowest.seconds} s`],
      next: [`startupProbe.failureThreshold: ${value}`],
      fix: { isSafe: true, edits: [{ manifest, path: [...path, ...field], op: "set", value }] },
    };
  },
);
