import type { DeploymentFacts } from "../causes/deployment-facts.ts";

/** A Deployment `shop` of three replicas with a readiness probe and nothing else that matters to a trial. */
export const exampleFacts: DeploymentFacts = {
  namespace: "default",
  name: "shop",
  replicas: 3,
  matchLabels: { app: "shop" },
  recreate: false,
  container: 0,
  containerName: "shop",
  containers: [{ name: "shop", preStop: undefined }],
  port: 8080,
  hasReadinessProbe: true,
  readinessPath: undefined,
  preStop: undefined,
  graceSeconds: 30,
  minReadySeconds: 0,
  maxSurge: undefined,
};
