import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment, KubeObject, Pod } from "../object.ts";
import { findBuiltInKind } from "../kinds/built-in-kinds.ts";
import { applyDefaults } from "./apply-defaults.ts";
import { defaultImagePullPolicy } from "./image-pull-policy.ts";

const object = (apiVersion: string, kind: string, fields: object): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: "x" },
  ...fields,
});

const defaultedContainer = {
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  imagePullPolicy: "IfNotPresent",
};

const defaultedPodSpec = {
  dnsPolicy: "ClusterFirst",
  restartPolicy: "Always",
  securityContext: {},
  terminationGracePeriodSeconds: 30,
  schedulerName: "default-scheduler",
};

test("a Deployment gets what kubectl shows after apply", () => {
  const containers = [
    {
      name: "web",
      image: "web:1",
      ports: [{ containerPort: 8080 }],
      resources: { limits: { cpu: 0.5, memory: "1024Mi" } },
      readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 0 },
      lifecycle: { preStop: { httpGet: { port: 1, path: "/stop" } } },
      env: [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
    },
  ];
  const deployment = object("apps/v1", "Deployment", {
    spec: { template: { spec: { containers } }, paused: null },
  });
  assert.equal(applyDefaults(deployment), deployment);
  assert.deepEqual(deployment["spec"], {
    replicas: 1,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    template: {
      metadata: {},
      spec: {
        ...defaultedPodSpec,
        containers: [
          {
            ...defaultedContainer,
            name: "web",
            image: "web:1",
            ports: [{ containerPort: 8080, protocol: "TCP" }],
            resources: { limits: { cpu: "500m", memory: "1Gi" } },
            readinessProbe: {
              httpGet: { port: 8080, path: "/", scheme: "HTTP" },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
            lifecycle: { preStop: { httpGet: { port: 1, path: "/stop", scheme: "HTTP" } } },
            env: [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP", apiVersion: "v1" } } }],
          },
        ],
      },
    },
  });
});

test("Recreate has no rollingUpdate, and given values stay", () => {
  const deployment = applyDefaults(
    object("apps/v1", "Deployment", {
      spec: { replicas: 0, strategy: { type: "Recreate" }, progressDeadlineSeconds: 5 },
    }),
  ) as Deployment;
  assert.deepEqual(deployment.spec.strategy, { type: "Recreate" });
  assert.equal(deployment.spec.replicas, 0);
  assert.equal(deployment.spec.progressDeadlineSeconds, 5);
});

test("only a Pod requests its limits, links services and takes host ports", () => {
  const spec = {
    hostNetwork: true,
    serviceAccountName: "robot",
    containers: [
      {
        name: "a",
        image: "a",
        ports: [{ containerPort: 80 }],
        resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "100m" } },
      },
    ],
  };
  const pod = applyDefaults(object("v1", "Pod", { spec })) as Pod;
  assert.deepEqual(pod.spec.containers[0]?.resources?.requests, { cpu: "100m", memory: "1Gi" });
  assert.equal(pod.spec.containers[0]?.imagePullPolicy, "Always");
  assert.deepEqual(pod.spec.containers[0]?.ports, [{ containerPort: 80, protocol: "TCP", hostPort: 80 }]);
  assert.equal(pod.spec.enableServiceLinks, true);
  assert.equal(pod.spec.serviceAccount, "robot");
});

test("volumes: file modes, an emptyDir for nothing, the type of a hostPath", () => {
  const volumes = [
    { name: "a" },
    { name: "b", configMap: { name: "c" } },
    { name: "c", secret: { secretName: "s", defaultMode: 0o400 } },
    { name: "d", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
    { name: "e", hostPath: { path: "/" } },
    { name: "f", emptyDir: { sizeLimit: "1024Mi" } },
  ];
  const pod = applyDefaults(object("v1", "Pod", { spec: { containers: [], volumes } })) as Pod;
  assert.deepEqual(pod.spec.volumes, [
    { name: "a", emptyDir: {} },
    { name: "b", configMap: { name: "c", defaultMode: 420 } },
    { name: "c", secret: { secretName: "s", defaultMode: 0o400 } },
    {
      name: "d",
      projected: {
        sources: [{ serviceAccountToken: { path: "t", expirationSeconds: 3600 } }],
        defaultMode: 420,
      },
    },
    { name: "e", hostPath: { path: "/", type: "" } },
    { name: "f", emptyDir: { sizeLimit: "1Gi" } },
  ]);
});

test("a Service of each type", () => {
  const common = {
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
  };
  const spec = (fields: object): unknown => applyDefaults(object("v1", "Service", { spec: fields }))["spec"];
  assert.deepEqual(
    spec({ selector: { a: "b" }, ports: [{ port: 80 }, { port: 81, targetPort: "http", protocol: "UDP" }] }),
    {
      ...common,
      type: "ClusterIP",
      selector: { a: "b" },
      ports: [
        { port: 80, protocol: "TCP", targetPort: 80 },
        { port: 81, targetPort: "http", protocol: "UDP" },
      ],
    },
  );
  assert.deepEqual(spec({ type: "LoadBalancer" }), {
    ...common,
    type: "LoadBalancer",
    externalTrafficPolicy: "Cluster",
    allocateLoadBalancerNodePorts: true,
  });
  assert.deepEqual(spec({ type: "ExternalName", externalName: "a.b" }), {
    type: "ExternalName",
    externalName: "a.b",
    sessionAffinity: "None",
  });
  assert.deepEqual(
    (spec({ sessionAffinity: "ClientIP" }) as Record<string, unknown>)["sessionAffinityConfig"],
    {
      clientIP: { timeoutSeconds: 10_800 },
    },
  );
});

test("the small kinds", () => {
  const after = (apiVersion: string, kind: string, fields: object): KubeObject =>
    applyDefaults(object(apiVersion, kind, fields));
  assert.deepEqual(after("v1", "Secret", { stringData: { a: "hi" }, data: { b: "eA==" } }), {
    ...object("v1", "Secret", { type: "Opaque", data: { a: "aGk=", b: "eA==" } }),
  });
  assert.deepEqual(after("v1", "Namespace", {}).metadata.labels, { "kubernetes.io/metadata.name": "x" });
  assert.deepEqual(after("apps/v1", "ReplicaSet", { spec: {} })["spec"], { replicas: 1 });
  assert.deepEqual(after("v1", "Endpoints", { subsets: [{ ports: [{ port: 1 }] }] })["subsets"], [
    { ports: [{ port: 1, protocol: "TCP" }] },
  ]);
  assert.deepEqual(after("discovery.k8s.io/v1", "EndpointSlice", { ports: [{ port: 1 }] })["ports"], [
    { port: 1, name: "", protocol: "TCP" },
  ]);
  assert.deepEqual(after("v1", "Node", { status: { capacity: { cpu: "2000m" } } })["status"], {
    capacity: { cpu: "2" },
    allocatable: { cpu: "2" },
  });
  assert.deepEqual(after("example.com/v1", "Widget", { spec: null })["spec"], null);
});

test("defaulting again changes nothing, and odd input does not break it", () => {
  const pod = object("v1", "Pod", {
    spec: { containers: [{ name: "a", image: "a", resources: { limits: { cpu: "0.0001" } } }] },
  });
  const once = structuredClone(applyDefaults(pod));
  assert.equal((once as unknown as Pod).spec.containers[0]?.resources?.limits?.["cpu"], "1m");
  assert.deepEqual(applyDefaults(pod), once);
  for (const spec of [
    1,
    "x",
    [],
    { containers: 3 },
    { containers: [null, 1] },
    { containers: [{ ports: {} }] },
  ]) {
    assert.doesNotThrow(() => applyDefaults(object("v1", "Pod", { spec })));
    assert.doesNotThrow(() =>
      applyDefaults(object("apps/v1", "Deployment", { spec: { template: spec, strategy: 1 } })),
    );
  }
});

test("nothing is written into what has its defaults and is shared with a known object", () => {
  const resources = { requests: { cpu: "1" }, limits: { cpu: "1", memory: "1Gi" } };
  const template = {
    spec: {
      hostNetwork: true,
      containers: [{ name: "a", image: "a", resources, ports: [{ containerPort: 1 }] }],
    },
  };
  for (const [apiVersion, kind, spec] of [
    ["v1", "Pod", template.spec],
    ["v1", "Service", { ports: [{ port: 80 }] }],
    ["apps/v1", "Deployment", { template }],
    ["apps/v1", "StatefulSet", { template, volumeClaimTemplates: [{ spec: {} }] }],
    ["batch/v1", "Job", { template }],
    ["batch/v1", "CronJob", { jobTemplate: { spec: { template } } }],
  ] as const) {
    const known = applyDefaults(object(apiVersion, kind, { spec: structuredClone(spec) }));
    freeze(known);
    const changed = { ...known, status: { conditions: [{ type: "A" }] } } as KubeObject;
    const next = applyDefaults(changed, findBuiltInKind(apiVersion, kind), known);
    assert.equal((next as { spec?: unknown }).spec, (known as { spec?: unknown }).spec);
  }
});

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

test("imagePullPolicy is Always for the tag latest only, digests and registry ports considered", () => {
  const cases = {
    web: "Always",
    "web:latest": "Always",
    "web:1": "IfNotPresent",
    "localhost:5000/web": "Always",
    "localhost:5000/web:2": "IfNotPresent",
    "web@sha256:abc": "IfNotPresent",
    "web:latest@sha256:abc": "Always",
  };
  for (const [image, policy] of Object.entries(cases))
    assert.equal(defaultImagePullPolicy(image), policy, image);
});
