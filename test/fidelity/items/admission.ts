import assert from "node:assert/strict";
import type { Item } from "../item.ts";
import type { Json } from "../asker.ts";
import { configMap, deployment, unscheduledPod } from "../objects.ts";

/** What a server says of the fields of an object, and what it lets in. */
export const admissionItems: readonly Item[] = [
  {
    number: 27,
    title:
      "fieldValidation: Strict refuses, Warn warns, Ignore is silent, of unknown fields and of duplicate keys",
    async check({ namespace, ask }) {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      const body = { ...deployment("strict", "a"), spec: { ...deployment("strict", "a").spec, foo: 1 } };
      const asked = (fieldValidation: string, text: unknown = body) =>
        ask("POST", path, { body: text, query: { dryRun: "All", fieldValidation } });
      const strict = await asked("Strict");
      assert.deepEqual([strict.code, strict.json.reason], [400, "BadRequest"]);
      assert.equal(
        strict.json.message,
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.foo"',
      );
      const warned = await asked("Warn");
      assert.deepEqual(
        [warned.code, warned.headers["warning"]],
        [201, '299 - "unknown field \\"spec.foo\\""'],
      );
      const ignored = await asked("Ignore");
      assert.deepEqual([ignored.code, ignored.headers["warning"]], [201, undefined]);
      const twice = JSON.stringify(deployment("strict", "a")).replace(
        '"replicas":1',
        '"replicas":1,"replicas":2',
      );
      const duplicate = await asked("Strict", twice);
      assert.equal(duplicate.code, 400);
      assert.match(duplicate.json.message, /strict decoding error: duplicate field "spec\.replicas"$/);
      const unknown = await asked("Loose");
      assert.equal(unknown.code, 422);
    },
  },
  {
    number: 30,
    title:
      "a quota refuses what exceeds it, its ReplicaSet shows FailedCreate and recovers; a LimitRange fills in",
    needs: ["controllers"],
    async check({ namespace, image, ask, create, patch, until }) {
      const core = `/api/v1/namespaces/${namespace}`;
      await create(`${core}/limitranges`, {
        apiVersion: "v1",
        kind: "LimitRange",
        metadata: { name: "limits" },
        spec: {
          limits: [
            {
              type: "Container",
              default: { cpu: "200m" },
              defaultRequest: { cpu: "10m" },
              max: { cpu: "500m" },
            },
          ],
        },
      });
      const limited = await create(`${core}/pods`, unscheduledPod("limited", image));
      assert.deepEqual(limited.spec.containers[0].resources, {
        limits: { cpu: "200m" },
        requests: { cpu: "10m" },
      });
      const large = unscheduledPod("large", image) as Json;
      large.spec.containers[0].resources = { limits: { cpu: "1" } };
      const refused = await ask("POST", `${core}/pods`, { body: large });
      assert.deepEqual(
        [refused.code, refused.json.message],
        [403, 'pods "large" is forbidden: maximum cpu usage per Container is 500m, but limit is 1'],
      );
      await create(`${core}/resourcequotas`, {
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "quota" },
        spec: { hard: { pods: "1", "count/configmaps": "100" } },
      });
      await until(`${core}/resourcequotas/quota`, (object) => object?.status.used?.pods === "1");
      const over = await ask("POST", `${core}/pods`, { body: unscheduledPod("over", image) });
      assert.deepEqual(
        [over.code, over.json.message],
        [
          403,
          'pods "over" is forbidden: exceeded quota: quota, requested: pods=1, used: pods=1, limited: pods=1',
        ],
      );
      await create(`${core}/configmaps`, configMap("counted"));
      const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      await create(deployments, deployment("stalled", image));
      const failure = ({ type, reason }: Json) => type === "ReplicaFailure" && reason === "FailedCreate";
      await until(`${deployments}/stalled`, (object) => object?.status.conditions?.some(failure));
      await patch(`${core}/resourcequotas/quota`, "merge-patch+json", { spec: { hard: { pods: "5" } } });
      await until(`${deployments}/stalled`, (object) => object?.status.replicas === 1);
    },
  },
];
