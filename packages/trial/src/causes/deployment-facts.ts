import type { Deployment } from "@seaworthy/kube";

/** What a preStop hook does, as far as the manifest says. */
export interface PreStop {
  readonly kind: "sleep" | "exec" | "httpGet";
  /** How long it waits, when that can be read from the manifest. */
  readonly seconds: number | undefined;
  /** True when the hook itself ends the app (`kill`, `killall`, `nginx -s quit`, …). */
  readonly stopsApp: boolean;
}

/** What is known of one container of a pod template. */
export interface ContainerFacts {
  readonly name: string;
  readonly preStop: PreStop | undefined;
}

/** The fields of a Deployment that decide whether a rollout loses requests. */
export interface DeploymentFacts {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly recreate: boolean;
  /** The container that is asked: the one with a port, else the first. */
  readonly container: number;
  readonly containerName: string;
  readonly containers: readonly ContainerFacts[];
  /** Its first port, by number. */
  readonly port: number | undefined;
  readonly hasReadinessProbe: boolean;
  readonly preStop: PreStop | undefined;
  readonly graceSeconds: number;
  /** As it is written; undefined where the default holds. */
  readonly maxSurge: number | string | undefined;
}

/** Reads the facts from a Deployment. Absent fields mean what Kubernetes' defaults mean. */
export function deploymentFacts(deployment: Deployment): DeploymentFacts {
  const pod = deployment.spec?.template?.spec;
  const containers = pod?.containers ?? [];
  const withPort = containers.findIndex((container) => (container.ports ?? []).length > 0);
  const index = Math.max(0, withPort);
  const container = containers[index];
  return {
    namespace: deployment.metadata?.namespace ?? "default",
    name: deployment.metadata?.name ?? "",
    replicas: deployment.spec?.replicas ?? 1,
    recreate: deployment.spec?.strategy?.type === "Recreate",
    container: index,
    containerName: container?.name ?? "",
    containers: containers.map(({ name, lifecycle }) => ({ name, preStop: readPreStop(lifecycle?.preStop) })),
    port: container?.ports?.[0]?.containerPort,
    hasReadinessProbe: container?.readinessProbe !== undefined,
    preStop: readPreStop(container?.lifecycle?.preStop),
    graceSeconds: pod?.terminationGracePeriodSeconds ?? 30,
    maxSurge: deployment.spec?.strategy?.rollingUpdate?.maxSurge,
  };
}

type LifecycleHandler = {
  sleep?: { seconds: number };
  exec?: { command?: string[] };
  httpGet?: unknown;
};

function readPreStop(hook: LifecycleHandler | undefined): PreStop | undefined {
  if (hook?.sleep !== undefined) return { kind: "sleep", seconds: hook.sleep.seconds, stopsApp: false };
  if (hook?.exec !== undefined) {
    const text = (hook.exec.command ?? []).join(" ");
    return {
      kind: "exec",
      seconds: sleepSeconds(text),
      stopsApp: /\b(?:p?kill|killall)\b|-s (?:quit|stop)\b/.test(text),
    };
  }
  if (hook?.httpGet !== undefined) return { kind: "httpGet", seconds: undefined, stopsApp: false };
  return undefined;
}

/** The sum of the `sleep N` in a command line, or undefined when there is none. */
function sleepSeconds(command: string): number | undefined {
  const unit: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600 };
  const sleeps = [...command.matchAll(/\bsleep (\d+(?:\.\d+)?)([smh]?)/g)];
  if (sleeps.length === 0) return undefined;
  return sleeps.reduce((sum, [, amount, suffix]) => sum + Number(amount) * (unit[suffix ?? ""] ?? 1), 0);
}
