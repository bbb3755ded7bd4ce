import assert from "node:assert/strict";
import type { Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { configMap, deployment, service } from "../objects.ts";

/** The three kinds of patch that are older than server-side apply. */
export const patchItems: readonly Item[] = [
  {
    number: 23,
    title:
      "a strategic merge patch changes one variable by its name, deletes, and keeps to the order directives",
    async check({ namespace, image, create, patch }) {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      const body = deployment("merge", image, { replicas: 0 }) as Json;
      body.spec.template.spec.containers[0].env = [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
        { name: "C", value: "3" },
      ];
      await create(path, body);
      const envAfter = async (container: unknown) => {
        const change = {
          spec: { template: { spec: { containers: [{ name: "main", ...(container as object) }] } } },
        };
        const patched = await patch(`${path}/merge`, "strategic-merge-patch+json", change);
        return patched.spec.template.spec.containers[0].env.map(
          ({ name, value }: Json) => `${name}=${value}`,
        );
      };
      assert.deepEqual(await envAfter({ env: [{ name: "B", value: "20" }] }), ["A=1", "B=20", "C=3"]);
      assert.deepEqual(await envAfter({ env: [{ name: "A", $patch: "delete" }] }), ["B=20", "C=3"]);
      assert.deepEqual(
        await envAfter({
          env: [{ name: "D", value: "4" }],
          "$setElementOrder/env": [{ name: "D" }, { name: "C" }, { name: "B" }],
        }),
        ["D=4", "C=3", "B=20"],
      );
      assert.deepEqual(await envAfter({ env: [{ name: "Z", value: "9" }, { $patch: "replace" }] }), ["Z=9"]);
      const services = `/api/v1/namespaces/${namespace}/services`;
      const ports = [
        { name: "tcp", port: 53, protocol: "TCP" },
        { name: "udp", port: 53, protocol: "UDP" },
      ];
      await create(services, service("dns", { ports }));
      const change = { spec: { ports: [{ port: 53, targetPort: 5353 }] } };
      const patched = await patch(`${services}/dns`, "strategic-merge-patch+json", change);
      // The merge key of a Service's ports is the number alone, a known defect: only the first of the two is found.
      assert.deepEqual(
        patched.spec.ports.map(({ name, targetPort }: Json) => [name, targetPort]),
        [
          ["tcp", 5353],
          ["udp", 53],
        ],
      );
    },
  },
  {
    number: 24,
    title: "a JSON patch whose test fails is 422; null in a merge patch deletes",
    async check({ namespace, ask, create, patch }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await create(path, configMap("patched", { data: { a: "1", b: "2" } }));
      const failing = [
        { op: "test", path: "/data/a", value: "9" },
        { op: "remove", path: "/data/a" },
      ];
      const { code, json } = await ask("PATCH", `${path}/patched`, {
        body: failing,
        contentType: "application/json-patch+json",
      });
      assert.deepEqual([code, json.reason], [422, "Invalid"]);
      assert.equal(json.message, "the server rejected our request due to an error in our request");
      const passing = [{ op: "test", path: "/data/a", value: "1" }, failing[1]];
      assert.deepEqual((await patch(`${path}/patched`, "json-patch+json", passing)).data, { b: "2" });
      const merged = await patch(`${path}/patched`, "merge-patch+json", { data: { b: null, c: "3" } });
      assert.deepEqual(merged.data, { c: "3" });
      const odd = await ask("PATCH", `${path}/patched`, { body: {}, contentType: "application/json" });
      assert.equal(odd.code, 415);
    },
  },
];
