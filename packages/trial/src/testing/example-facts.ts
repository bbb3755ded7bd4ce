import type { DeploymentFacts } from "../causes/deployment-facts.ts";

/** A Deployment `shop` of three replicas with a readiness probe and nothing else that matters to a trial. */
export const exampleFacts: DeploymentFacts = {
  namespace: "default",
  name: "shop",
  replicas: 3,
  recreate: false,
  container: 0,
  containerName: "shop",
  containers: [{ name: "shop", preStop: undefined }],
  port: 8080,
  hasReadinessProbe: true,
  preStop: undefined,
  graceSeconds: 30,
  maxSurge: undefined,
};
