import assert from "node:assert/strict";
import type { Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { boats } from "../objects.ts";

/** Kinds that come with a CustomResourceDefinition. */
export const customKindItems: readonly Item[] = [
  {
    number: 33,
    title:
      "a CustomResourceDefinition: its kind is served, defaulted, pruned, checked, scaled, and goes with its objects",
    async check({ namespace, ask, get, create, patch, remove, until }) {
      const group = `${namespace}.example.com`;
      const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
      await create(crds, boats(group));
      await until(`${crds}/boats.${group}`, (object) =>
        object?.status?.conditions?.some(
          ({ type, status }: Json) => type === "Established" && status === "True",
        ),
      );
      const path = `/apis/${group}/v1/namespaces/${namespace}/boats`;
      await until(path, (object) => object !== undefined);
      const { resources } = await get(`/apis/${group}/v1`);
      assert.deepEqual(resources.map(({ name }: Json) => name).toSorted(), [
        "boats",
        "boats/scale",
        "boats/status",
      ]);
      await until(`/openapi/v3/apis/${group}/v1`, (object) => object !== undefined);

      const boat = { apiVersion: `${group}/v1`, kind: "Boat", metadata: { name: "a" } };
      const made = await create(
        path,
        { ...boat, spec: { size: 3, odd: true } },
        { fieldValidation: "Ignore" },
      );
      assert.deepEqual(
        [made.spec, made.metadata.generation, made.status],
        [{ size: 3, color: "red" }, 1, undefined],
      );
      const strict = await ask("POST", path, {
        body: { ...boat, metadata: { name: "b" }, spec: { size: 1, odd: true } },
        query: { fieldValidation: "Strict" },
      });
      assert.deepEqual([strict.code, strict.json.reason], [400, "BadRequest"]);
      assert.match(strict.json.message, /strict decoding error: unknown field "spec\.odd"/);
      const wrong = await ask("POST", path, {
        body: { ...boat, metadata: { name: "b" }, spec: { size: 99 } },
      });
      assert.equal(wrong.code, 422);
      assert.equal(
        wrong.json.message,
        `Boat.${group} "b" is invalid: spec.size: Invalid value: 99: spec.size in body should be less than or equal to 10`,
      );
      const scaled = await patch(`${path}/a/scale`, "merge-patch+json", { spec: { replicas: 7 } });
      assert.deepEqual([scaled.kind, scaled.spec.replicas], ["Scale", 7]);
      const after = await get(`${path}/a`);
      assert.deepEqual([after.spec.size, after.metadata.generation], [7, 2]);
      const status = await patch(`${path}/a/status`, "merge-patch+json", {
        spec: { size: 1 },
        status: { afloat: 2 },
      });
      assert.deepEqual([status.spec.size, status.status, status.metadata.generation], [7, { afloat: 2 }, 2]);
      const strategic = await ask("PATCH", `${path}/a`, {
        body: {},
        contentType: "application/strategic-merge-patch+json",
      });
      assert.equal(strategic.code, 415);
      const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
      const { json } = await ask("GET", path, { accept });
      assert.deepEqual(
        [json.columnDefinitions.map(({ name }: Json) => name), json.rows[0].cells.slice(0, 2)],
        [
          ["Name", "Size"],
          ["a", 7],
        ],
      );
      await remove(`${crds}/boats.${group}`);
      await until(`${crds}/boats.${group}`, (object) => object === undefined);
      await until(path, (object) => object === undefined);
    },
  },
];
