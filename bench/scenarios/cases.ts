import type { KubeObject } from "@seaworthy/kube";
import type { ScenarioName } from "@seaworthy/trial";

/** What comes of one scenario, with the manifests of one example. */
export interface ScenarioCase {
  readonly scenario: ScenarioName;
  readonly example: "apps/httpserver" | "examples/careless";
  /** What is different from the example's manifests. */
  readonly with?: string;
  /** Changes the manifests before the trial. */
  readonly change?: (objects: readonly KubeObject[]) => readonly KubeObject[];
  /** The manifests of tomorrow, made from those of the trial. */
  readonly next?: (objects: readonly KubeObject[]) => readonly KubeObject[];
  /** For the trial on an embedded cluster. */
  readonly flags?: readonly string[];
  readonly expected: "held" | "leaking";
}

type Template = { spec: { containers: { env?: object[]; envFrom?: object[]; readinessProbe?: object }[] } };

/** Changes the Deployment, and leaves the others. */
function ofDeployment(change: (spec: Record<string, unknown>, template: Template) => void) {
  return (objects: readonly KubeObject[]): KubeObject[] =>
    objects.map((object) => {
      if (object.kind !== "Deployment") return object;
      const copy = structuredClone(object);
      const spec = copy["spec"] as Record<string, unknown>;
      change(spec, spec["template"] as Template);
      return copy;
    });
}

const nextVersion = ofDeployment((_, { spec }) => {
  spec.containers[0]!.env = [
    ...(spec.containers[0]!.env ?? []).filter((each) => (each as { name: string }).name !== "VERSION"),
    { name: "VERSION", value: "0.2.0" },
  ];
});

const settings = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings" },
  data: { GREETING: "hello" },
};
const withSettings = (objects: readonly KubeObject[]): readonly KubeObject[] => [
  settings,
  ...ofDeployment((_, { spec }) => {
    spec.containers[0]!.envFrom = [{ configMapRef: { name: "settings" } }];
  })(objects),
];
const single = ofDeployment((spec) => {
  spec["replicas"] = 1;
});

const recreated = ofDeployment((spec) => {
  spec["strategy"] = { type: "Recreate" };
});

const probed = ofDeployment((_, { spec }) => {
  spec.containers[0]!.readinessProbe = { httpGet: { path: "/", port: "http" }, periodSeconds: 1 };
});

/** At the usual rate pods are below the target, and at twice as much above it. */
const autoscaled = (objects: readonly KubeObject[]): readonly KubeObject[] => [
  ...objects,
  ...objects
    .filter(({ kind }) => kind === "Deployment")
    .map(({ metadata: { name } }) => ({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: 3,
        maxReplicas: 8,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
          },
        ],
      },
    })),
];

/** By this seed the first 70 answers of each pod are quick, which are more than a trial asks for before its load. */
const slow = ofDeployment((_, { spec }) => {
  const FAULTS = JSON.stringify([{ path: "/*", delay: "12000", delayPercent: 20 }]);
  const env = Object.entries({ FAULTS, FAULT_SEED: "374643" }).map(([name, value]) => ({ name, value }));
  spec.containers[0]!.env = [...(spec.containers[0]!.env ?? []), ...env];
});

/** The same with the example that ends well and with the one that does not. */
function both(
  scenario: ScenarioName,
  more: Pick<ScenarioCase, "with" | "change" | "next" | "flags"> = {},
): readonly ScenarioCase[] {
  return [
    { scenario, example: "apps/httpserver", ...more, expected: "held" },
    { scenario, example: "examples/careless", ...more, expected: "leaking" },
  ];
}

/** Each scenario with an example that holds, and with one that loses requests in it. */
export const scenarioCases: readonly ScenarioCase[] = [
  { scenario: "soak", example: "apps/httpserver", expected: "held" },
  ...both("rollout"),
  ...both("release", { with: "another VERSION", next: nextVersion }),
  ...both("config-change", { with: "a ConfigMap", change: withSettings }),
  ...both("scale"),
  ...both("hpa", { with: "an autoscaler at 60 % of 100m", change: autoscaled, flags: ["--rate", "100"] }),
  ...both("node-drain"),
  { scenario: "bad-release", example: "apps/httpserver", expected: "held" },
  {
    scenario: "bad-release",
    example: "examples/careless",
    with: "strategy Recreate",
    change: recreated,
    expected: "leaking",
  },
  { scenario: "pod-kill", example: "apps/httpserver", expected: "held" },
  {
    scenario: "pod-kill",
    example: "examples/careless",
    with: "one replica",
    change: single,
    expected: "leaking",
  },
  {
    scenario: "bad-answers",
    example: "apps/httpserver",
    with: "a readiness probe on what users ask",
    change: probed,
    expected: "held",
  },
  { scenario: "bad-answers", example: "apps/httpserver", expected: "leaking" },
  { scenario: "node-loss", example: "apps/httpserver", expected: "held" },
  {
    scenario: "node-loss",
    example: "examples/careless",
    with: "one replica",
    change: single,
    expected: "leaking",
  },
  { scenario: "edge-restart", example: "apps/httpserver", expected: "held" },
  {
    scenario: "edge-restart",
    example: "apps/httpserver",
    with: "every fifth answer after 12 s, where the edge waits for 10 s",
    change: slow,
    flags: ["--profile", "traefik"],
    expected: "leaking",
  },
];
