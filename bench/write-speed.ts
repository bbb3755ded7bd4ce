/**
 * How many pods a second the API server takes from clients in its process, each created and then given a status three times, as
 * the node agent does: pods for a second of processor time, the best of several rounds, since the machine has other work to do.
 *
 * usage: node bench/write-speed.ts [ROUNDS]
 */
import { createClient } from "@seaworthy/client";
import { createKinds, resourceTypes, type Namespace, type Pod } from "@seaworthy/kube";
import { createApiServer } from "../packages/cluster/src/apiserver/create-api-server.ts";
import { systemClock } from "../packages/cluster/src/clock.ts";
import { seededRandom } from "../packages/cluster/src/random.ts";

const statuses: readonly Pod["status"][] = ["ContainerCreating", "Starting", undefined].map(
  (waiting, step) => {
    const at = `2026-01-01T00:00:0${step}Z`;
    const isReady = waiting === undefined ? "True" : "False";
    const conditions = [
      "PodReadyToStartContainers",
      "Initialized",
      "Ready",
      "ContainersReady",
      "PodScheduled",
    ];
    return {
      phase: waiting === undefined ? "Running" : "Pending",
      hostIP: "10.0.0.1",
      hostIPs: [{ ip: "10.0.0.1" }],
      podIP: "10.1.0.5",
      podIPs: [{ ip: "10.1.0.5" }],
      startTime: "2026-01-01T00:00:00Z",
      qosClass: "Burstable",
      conditions: conditions.map((type) => ({
        type,
        status: isReady,
        lastTransitionTime: at,
        lastProbeTime: null!,
      })),
      containerStatuses: [
        {
          name: "web",
          image: "web:1",
          imageID: "web@sha256:0",
          ready: waiting === undefined,
          restartCount: 0,
          state: waiting === undefined ? { running: { startedAt: at } } : { waiting: { reason: waiting } },
        },
      ],
    };
  },
);

const rounds = Number(process.argv[2] ?? 7);
const podsPerRound = 500;
let best = 0;
for (let round = 0; round < rounds; round += 1) best = Math.max(best, await measure());
process.stdout.write(
  `${Math.round(best)} pods for a second of processor time, each created and patched three times\n`,
);

async function measure(): Promise<number> {
  const logs = async function* () {
    yield "";
  };
  const server = createApiServer({ kinds: createKinds(), clock: systemClock, random: seededRandom(1), logs });
  const client = createClient(server.transport, { userAgent: "kubelet", omitsManagedFields: true });
  await client.create<Namespace>(resourceTypes.namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "default" },
  });
  const began = process.cpuUsage();
  for (let index = 0; index < podsPerRound; index += 1) {
    const { metadata } = await client.create(resourceTypes.pods, pod(index));
    for (const status of statuses)
      await client.patch(resourceTypes.pods, "default", metadata.name, "merge", { status }, "status");
  }
  const { user, system } = process.cpuUsage(began);
  return podsPerRound / ((user + system) / 1e6);
}

function pod(index: number): Pod {
  const probe = { httpGet: { port: 8080, path: "/ready" } };
  const labels = { app: "web", "pod-template-hash": "6c86b4845b" };
  const owner = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: "web-6c86b4845b",
    uid: "e1b538ae",
    controller: true,
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `web-6c86b4845b-${index}`, namespace: "default", labels, ownerReferences: [owner] },
    spec: {
      containers: [
        {
          name: "web",
          image: "web:1",
          env: [
            { name: "PORT", value: "8080" },
            { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          ],
          ports: [{ containerPort: 8080, name: "http" }],
          readinessProbe: probe,
          livenessProbe: probe,
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
          volumeMounts: [{ name: "config", mountPath: "/etc/web" }],
        },
      ],
      volumes: [{ name: "config", configMap: { name: "web" } }],
    },
  };
}
