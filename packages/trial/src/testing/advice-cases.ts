import { fileURLToPath } from "node:url";
import type { Cause } from "../causes/cause.ts";
import type { ScenarioName } from "../scenarios/scenario.ts";

/** A fault, and what mends what no field can. */
export interface AdviceCase {
  readonly cause: Cause;
  readonly name: string;
  /** What shows it; a rollout when absent. */
  readonly scenario?: ScenarioName;
  /** Over the pod spec and the Deployment's spec of `adviceManifest`. */
  readonly pod?: Record<string, unknown>;
  readonly deployment?: Record<string, unknown>;
  /** Over the container `web`. */
  readonly container?: Record<string, unknown>;
  /** Image → command. */
  readonly run: Readonly<Record<string, string>>;
  /** The same, with what the advice says that the code must do. Absent: the fields alone do it. */
  readonly mended?: Readonly<Record<string, string>>;
}

const app = (...words: string[]) =>
  [
    process.execPath,
    "--no-warnings",
    fileURLToPath(new URL("advice-app.ts", import.meta.url)),
    ...words,
  ].join(" ");
const behindShell = (command: string) => `sh -c '${command} | cat'`;
const sleeps = (seconds: number) => ({ lifecycle: { preStop: { sleep: { seconds } } } });
const readiness = { readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 } };

/**
 * One case at least for each cause that advice can end. `container-restarted`, `app-not-keeping-up`, `bad-answer` and
 * `unrelated` are not among them: their advice is where to look. Neither are `pod-killed`, `edge-restarted` and `outlived-edge`: theirs is for clients and
 * for whoever runs the edge.
 */
export const adviceCases: readonly AdviceCase[] = [
  {
    cause: "port-closed-before-endpoint-removed",
    name: "no preStop, and a grace of 3 s that leaves no room for one",
    pod: { terminationGracePeriodSeconds: 3 },
    run: { web: app("term=exit") },
    mended: { web: app() },
  },
  {
    cause: "port-closed-before-endpoint-removed",
    name: "a preStop that kills the app",
    container: { lifecycle: { preStop: { exec: { command: ["sh", "-c", "kill -TERM 1; sleep 1"] } } } },
    run: { web: app("term=exit") },
    mended: { web: app() },
  },
  {
    cause: "connection-cut-on-exit",
    name: "a preStop, and an app that ends at once",
    container: sleeps(2),
    run: { web: app("term=exit") },
    mended: { web: app() },
  },
  {
    cause: "answers-badly-while-draining",
    name: "an app that answers 503 from SIGTERM on",
    run: { web: app("term=bad") },
    mended: { web: app() },
  },
  {
    cause: "answers-badly-while-draining",
    name: "the same with a preStop: kept connections are left",
    container: sleeps(2),
    run: { web: app("term=bad") },
    mended: { web: app() },
  },
  {
    cause: "signal-not-passed-on",
    name: "a shell in front of the server",
    pod: { terminationGracePeriodSeconds: 4 },
    container: sleeps(2),
    run: { web: behindShell(app()) },
    mended: { web: app() },
  },
  {
    cause: "sidecar-ended-first",
    name: "a container behind without a hook",
    container: sleeps(2),
    pod: { sidecar: { name: "behind", image: "behind" } },
    run: { web: app("behind=9000"), behind: app("port=9000", "term=exit") },
  },
  {
    cause: "idle-connection-closed",
    name: "a keep-alive timeout of 60 ms",
    container: sleeps(2),
    run: { web: app("keep-alive=60") },
    mended: { web: app() },
  },
  {
    cause: "not-ready-yet",
    name: "no readiness probe and a slow start",
    container: { ...sleeps(2), readinessProbe: undefined },
    run: { web: app("start=1500") },
  },
  {
    cause: "killed-by-grace",
    name: "an app that ignores SIGTERM",
    pod: { terminationGracePeriodSeconds: 4 },
    container: sleeps(2),
    run: { web: app("term=ignore") },
    mended: { web: app() },
  },
  {
    cause: "killed-by-grace",
    name: "a hook that outlasts the grace",
    pod: { terminationGracePeriodSeconds: 3 },
    container: { lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } } },
    run: { web: app() },
  },
  {
    cause: "no-endpoints",
    name: "strategy Recreate",
    deployment: { strategy: { type: "Recreate" } },
    container: sleeps(2),
    run: { web: app() },
  },
  {
    cause: "no-endpoints",
    name: "one replica that may be unavailable, no surge, and a start of 5 s",
    deployment: { replicas: 1, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } },
    container: sleeps(2),
    run: { web: app("start=5000") },
  },
  {
    cause: "bad-version",
    name: "a readiness probe of a path that users do not ask",
    scenario: "bad-answers",
    container: {
      ...sleeps(2),
      readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
    },
    run: { web: app() },
  },
  {
    cause: "bad-version",
    name: "no readiness probe",
    scenario: "bad-answers",
    container: { ...sleeps(2), readinessProbe: undefined },
    run: { web: app() },
  },
  {
    cause: "all-on-one-node",
    name: "one replica",
    scenario: "node-loss",
    deployment: { replicas: 1 },
    container: sleeps(2),
    run: { web: app() },
  },
  {
    cause: "all-on-one-node",
    name: "a nodeSelector that names a node",
    scenario: "node-loss",
    pod: { nodeSelector: { "kubernetes.io/hostname": "node-1" } },
    container: sleeps(2),
    run: { web: app() },
  },
];

/** The manifest of a case: a Deployment of two replicas and its Service. */
export function adviceManifest({ pod = {}, deployment = {}, container = {} }: AdviceCase): string {
  const { sidecar, ...podSpec } = pod;
  const web = {
    name: "web",
    image: "web",
    ports: [{ containerPort: 8080 }],
    ...readiness,
    ...container,
  };
  const containers = sidecar === undefined ? [web] : [web, sidecar];
  const labels = { app: "web" };
  const objects = [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        ...deployment,
        template: { metadata: { labels }, spec: { ...podSpec, containers } },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    },
  ];
  return objects.map((object) => JSON.stringify(object)).join("\n---\n");
}
