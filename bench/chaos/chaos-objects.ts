import type { KubeObject } from "@seaworthy/kube";

const namespace = "default";

/** How many pods are Ready when all is well. */
export const readyPods = 3 + 1 + 3;

/** A Deployment, a StatefulSet that keeps lines on a claim, a DaemonSet, and a CronJob, with what leads to the first two. */
export function chaosObjects(): KubeObject[] {
  return [
    workload("apps/v1", "Deployment", "web", {
      replicas: 3,
      selector: { matchLabels: { app: "web" } },
      template: podTemplate(
        "web",
        "chaos/web",
        { readinessProbe: probe("/readyz"), ports: [{ containerPort: 8080 }] },
        { tolerations },
      ),
    }),
    ...front("web"),
    workload("apps/v1", "StatefulSet", "keeper", {
      serviceName: "keeper",
      selector: { matchLabels: { app: "keeper" } },
      template: podTemplate("keeper", "chaos/keeper", {
        readinessProbe: probe("/"),
        volumeMounts: [{ name: "data", mountPath: "/data" }],
      }),
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    }),
    ...front("keeper"),
    workload("apps/v1", "DaemonSet", "agent", {
      selector: { matchLabels: { app: "agent" } },
      template: podTemplate("agent", "chaos/agent", {}),
    }),
    workload("batch/v1", "CronJob", "tick", {
      schedule: "* * * * *",
      jobTemplate: {
        spec: {
          template: { spec: { restartPolicy: "Never", containers: [{ name: "tick", image: "chaos/tick" }] } },
        },
      },
    }),
  ];
}

/** Its pods leave a node that is lost after 5 s, and not after 5 minutes. */
const tolerations = ["not-ready", "unreachable"].map((name) => ({
  key: `node.kubernetes.io/${name}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 5,
}));

function workload(apiVersion: string, kind: string, name: string, spec: object): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

function podTemplate(app: string, image: string, container: object, spec: object = {}): object {
  const containers = [{ name: app, image, ...container }];
  return {
    metadata: { labels: { app } },
    spec: { terminationGracePeriodSeconds: 10, containers, ...spec },
  };
}

function probe(path: string): object {
  return { httpGet: { path, port: 8080 }, periodSeconds: 1 };
}

function front(app: string): KubeObject[] {
  const backend = { service: { name: app, port: { number: 80 } } };
  return [
    workload("v1", "Service", app, { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] }),
    workload("networking.k8s.io/v1", "Ingress", app, {
      rules: [{ host: `${app}.localhost`, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    }),
  ];
}
