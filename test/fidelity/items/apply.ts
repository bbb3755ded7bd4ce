import assert from "node:assert/strict";
import type { Answer, Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { deployment } from "../objects.ts";
import { writeManifest } from "../write-manifest.ts";

/** Server-side apply, and what kubectl makes of it. */
export const applyItems: readonly Item[] = [
  {
    number: 25,
    title:
      "server-side apply creates, tells conflicts, takes over by force, and drops what its last owner drops",
    needs: ["controllers"],
    async check(asker) {
      const { namespace, image } = asker;
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/applied`;
      const body = deployment("applied", image, { paused: true, replicas: 1, minReadySeconds: 3 }) as Json;
      const first = await apply(asker, path, "one", body);
      assert.equal(first.code, 201);
      const settled = await asker.until(path, (object) => object?.status.observedGeneration === 1);
      const again = await apply(asker, path, "one", body);
      assert.equal(again.code, 200);
      assert.equal(again.json.metadata.resourceVersion, settled?.metadata.resourceVersion);

      const other = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "applied" },
        spec: { replicas: 3 },
      };
      const refused = await apply(asker, path, "two", other);
      assert.equal(refused.code, 409);
      assert.equal(refused.json.message, 'Apply failed with 1 conflict: conflict with "one": .spec.replicas');
      assert.deepEqual(refused.json.details.causes, [
        { reason: "FieldManagerConflict", message: 'conflict with "one"', field: ".spec.replicas" },
      ]);
      const forced = await apply(asker, path, "two", other, { force: "true" });
      assert.equal(forced.json.spec.replicas, 3);

      const { minReadySeconds, replicas, ...rest } = body.spec;
      assert.deepEqual([minReadySeconds, replicas], [3, 1]);
      const dropped = await apply(asker, path, "one", { ...body, spec: rest });
      assert.deepEqual([dropped.json.spec.minReadySeconds, dropped.json.spec.replicas], [undefined, 3]);
      const [one, two] = dropped.json.metadata.managedFields;
      assert.deepEqual([one.manager, one.operation, one.apiVersion], ["one", "Apply", "apps/v1"]);
      const containers = one.fieldsV1["f:spec"]["f:template"]["f:spec"]["f:containers"];
      assert.deepEqual(containers, { 'k:{"name":"main"}': { ".": {}, "f:image": {}, "f:name": {} } });
      assert.deepEqual(two.fieldsV1, { "f:spec": { "f:replicas": {} } });

      const shared = await apply(asker, path, "one", { ...body, spec: { ...rest, replicas: 3 } });
      assert.equal(shared.code, 200);
      const kept = await apply(asker, path, "two", { ...other, spec: {} });
      assert.equal(kept.json.spec.replicas, 3, "the other owner still wants it");
    },
  },
  {
    number: 26,
    title: "an object applied by the client and then by the server has one owner, and keeps its annotation",
    needs: ["kubectl"],
    async check(asker) {
      const { namespace, image, kubectl, get } = asker;
      const file = await writeManifest(deployment("migrated", image, { replicas: 0 }));
      const run = async (...args: string[]) => {
        const answer = await kubectl!.run(...args, "-n", namespace);
        assert.equal(answer.code, 0, answer.err);
      };
      await run("apply", "-f", file);
      await run("apply", "--server-side", "-f", file);
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/migrated`;
      const { metadata } = await get(path);
      assert.ok(metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"] !== undefined);
      const owners = metadata.managedFields
        .filter(({ fieldsV1 }: Json) => fieldsV1["f:spec"] !== undefined)
        .map(({ manager, operation }: Json) => `${manager} ${operation}`);
      assert.deepEqual(owners, ["kubectl Apply"]);
    },
  },
];

function apply(
  { ask }: Asker,
  path: string,
  fieldManager: string,
  body: unknown,
  query: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const contentType = "application/apply-patch+yaml";
  return ask("PATCH", path, { body, contentType, query: { fieldManager, ...query } });
}
