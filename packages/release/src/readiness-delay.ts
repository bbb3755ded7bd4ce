import type { Container, PodSpec, Probe } from "@seaworthy/kube";

/** How long a pod takes by its own manifest until it can count as available. */
export interface ReadinessDelay {
  /** No pod can be available earlier. */
  readonly leastMs: number;
  /** No pod that is within its probes' allowance is in trouble before this. */
  readonly mostMs: number;
  /** The field that takes the most of `leastMs`, as a path into the Deployment; undefined when nothing delays it. */
  readonly field: readonly (string | number)[] | undefined;
  /** What it says, in seconds. */
  readonly fieldSeconds: number;
}

/**
 * Adds up what probes and minReadySeconds ask for. Containers start together, so the slowest counts. A startup probe holds
 * the others back until it passes, at the latest with its last allowed failure.
 */
export function readinessDelay(spec: {
  readonly minReadySeconds?: number;
  readonly template: { readonly spec: PodSpec };
}): ReadinessDelay {
  const path = ["spec", "template", "spec", "containers"];
  const containers = spec.template.spec.containers.map((container, index) =>
    containerDelay(container, [...path, index]),
  );
  const minReady: Part = { field: ["spec", "minReadySeconds"], seconds: spec.minReadySeconds ?? 0 };
  const slowest = containers.reduce((a, b) => (b.leastSeconds > a.leastSeconds ? b : a), none);
  const most = Math.max(0, ...containers.map(({ mostSeconds }) => mostSeconds));
  const longest = [...slowest.parts, minReady].reduce((a, b) => (b.seconds > a.seconds ? b : a));
  return {
    leastMs: (slowest.leastSeconds + minReady.seconds) * 1000,
    mostMs: (most + minReady.seconds) * 1000,
    field: longest.seconds > 0 ? longest.field : undefined,
    fieldSeconds: longest.seconds,
  };
}

interface Part {
  readonly field: readonly (string | number)[];
  readonly seconds: number;
}

interface ContainerDelay {
  readonly leastSeconds: number;
  readonly mostSeconds: number;
  readonly parts: readonly Part[];
}

const none: ContainerDelay = { leastSeconds: 0, mostSeconds: 0, parts: [] };

function containerDelay(container: Container, path: readonly (string | number)[]): ContainerDelay {
  const parts = (["startupProbe", "readinessProbe"] as const).map((name): Part => ({
    field: [...path, name, "initialDelaySeconds"],
    seconds: container[name]?.initialDelaySeconds ?? 0,
  }));
  const startup = container.startupProbe;
  const readiness = container.readinessProbe;
  const startupBudget = startup === undefined ? 0 : budget(startup, startup.failureThreshold ?? 3);
  const readinessBudget = readiness === undefined ? 0 : budget(readiness, readiness.successThreshold ?? 1);
  // The delays of both probes count from the container's start.
  const repeats = ((readiness?.successThreshold ?? 1) - 1) * (readiness?.periodSeconds ?? 10);
  return {
    leastSeconds: Math.max(...parts.map(({ seconds }) => seconds)) + repeats,
    mostSeconds: startupBudget + readinessBudget,
    parts,
  };
}

function budget({ initialDelaySeconds = 0, periodSeconds = 10 }: Probe, times: number): number {
  return initialDelaySeconds + periodSeconds * times;
}
