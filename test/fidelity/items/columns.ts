import assert from "node:assert/strict";
import type { Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { configMap, deployment, service, unscheduledPod } from "../objects.ts";

/** What `kubectl get` shows. */
export const columnItems: readonly Item[] = [
  {
    number: 32,
    title: "the columns of kubectl get, with -o wide, and the words in them",
    async check(asker) {
      const { namespace, image, create, patch } = asker;
      const core = `/api/v1/namespaces/${namespace}`;
      const apps = `/apis/apps/v1/namespaces/${namespace}`;
      await create(`${apps}/deployments`, deployment("shown", image, { paused: true, replicas: 2 }));
      await create(`${core}/services`, service("shown", { clusterIP: "None" }));
      await create(`${core}/configmaps`, configMap("shown", { data: { a: "1", b: "2" } }));
      await create(`${core}/pods`, unscheduledPod("shown", image));
      await create(`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, ingress);
      await create(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, budget);
      assert.deepEqual(await table(asker, `${core}/pods`, "shown"), {
        NAME: "shown",
        READY: "0/1",
        STATUS: "Pending",
        RESTARTS: "0",
        AGE: "*",
        "IP*": "<none>",
        "NODE*": "<none>",
        "NOMINATED NODE*": "<none>",
        "READINESS GATES*": "<none>",
      });
      assert.deepEqual(await table(asker, `${apps}/deployments`, "shown"), {
        NAME: "shown",
        READY: "0/2",
        "UP-TO-DATE": 0,
        AVAILABLE: 0,
        AGE: "*",
        "CONTAINERS*": "main",
        "IMAGES*": image,
        "SELECTOR*": "app=shown",
      });
      assert.deepEqual(await table(asker, `${core}/services`, "shown"), {
        NAME: "shown",
        TYPE: "ClusterIP",
        "CLUSTER-IP": "None",
        "EXTERNAL-IP": "<none>",
        "PORT(S)": "80/TCP",
        AGE: "*",
        "SELECTOR*": "app=shown",
      });
      assert.deepEqual(await table(asker, `${core}/configmaps`, "shown"), {
        NAME: "shown",
        DATA: 2,
        AGE: "*",
      });
      assert.deepEqual(
        await table(asker, `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, "shown"),
        {
          NAME: "shown",
          CLASS: "nobody",
          HOSTS: "shown.test",
          ADDRESS: "*",
          PORTS: "80",
          AGE: "*",
        },
      );
      assert.deepEqual(
        await table(asker, `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, "shown"),
        {
          NAME: "shown",
          "MIN AVAILABLE": "1",
          "MAX UNAVAILABLE": "N/A",
          "ALLOWED DISRUPTIONS": 0,
          AGE: "*",
        },
      );
      const statuses: readonly (readonly [unknown, string])[] = [
        [{ containerStatuses: [waiting("CrashLoopBackOff")] }, "CrashLoopBackOff"],
        [{ containerStatuses: [waiting("CreateContainerConfigError")] }, "CreateContainerConfigError"],
        [{ phase: "Failed", reason: "Evicted", containerStatuses: null }, "Evicted"],
        [{ phase: "Succeeded", reason: null, containerStatuses: [ended(0, "Completed")] }, "Completed"],
        [{ phase: "Failed", containerStatuses: [ended(137, "OOMKilled")] }, "OOMKilled"],
        [{ phase: "Failed", containerStatuses: [ended(3, "")] }, "ExitCode:3"],
      ];
      for (const [status, word] of statuses) {
        await patch(`${core}/pods/shown/status`, "merge-patch+json", { status });
        assert.equal((await table(asker, `${core}/pods`, "shown"))["STATUS"], word);
      }
    },
  },
];

/** One object as a row, by the names of its columns; those of `-o wide` have a star. Neither the age is compared nor whether an edge serves all Ingresses. */
async function table({ ask }: Asker, path: string, name: string): Promise<Record<string, unknown>> {
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const { json } = await ask("GET", `${path}/${name}`, { accept });
  assert.equal(json.kind, "Table");
  const names = json.columnDefinitions.map(
    (column: Json) => column.name.toUpperCase() + (column.priority > 0 ? "*" : ""),
  );
  const cells: [string, unknown][] = names.map((column: string, index: number) => [
    column,
    column === "AGE" || column === "ADDRESS" ? "*" : json.rows[0].cells[index],
  ]);
  return Object.fromEntries(cells);
}

function containerStatus(state: unknown) {
  return { name: "main", image: "i", imageID: "", ready: false, restartCount: 0, state };
}

function waiting(reason: string) {
  return containerStatus({ waiting: { reason } });
}

function ended(exitCode: number, reason: string) {
  return containerStatus({ terminated: { exitCode, reason } });
}

const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "shown" },
  spec: {
    ingressClassName: "nobody",
    rules: [
      {
        host: "shown.test",
        http: {
          paths: [
            { path: "/", pathType: "Prefix", backend: { service: { name: "shown", port: { number: 80 } } } },
          ],
        },
      },
    ],
  },
};

const budget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "shown" },
  spec: { minAvailable: 1, selector: { matchLabels: { app: "nothing" } } },
};
