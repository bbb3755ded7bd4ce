import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JsonObject } from "@seaworthy/kube";
import { send } from "../testing/send.ts";
import { startApi, type Fixture } from "../testing/start-api.ts";
import { startWebhook, type Asked, type WebhookServer } from "../testing/webhook-server.ts";

const group = "example.com";
const boats = (version: string) => `/apis/${group}/${version}/namespaces/default/boats`;
const merge = "application/merge-patch+json";

/** Boats have a `hostPort` in v1, and `host` and `port` in v2. */
async function defineBoats(fixture: Fixture, clientConfig: object, stored = "v1"): Promise<void> {
  const text = { type: "string" };
  const version = (name: string, properties: object) => ({
    name,
    served: true,
    storage: name === stored,
    subresources: { status: {} },
    schema: {
      openAPIV3Schema: { type: "object", properties: { ...properties, status: { type: "object" } } },
    },
  });
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const object = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `boats.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "boats", singular: "boat", kind: "Boat", listKind: "BoatList" },
      versions: [version("v1", { hostPort: text }), version("v2", { host: text, port: text })],
      conversion: { strategy: "Webhook", webhook: { clientConfig, conversionReviewVersions: ["v1"] } },
    },
  };
  const known = await send(fixture, "GET", `${path}/boats.${group}`);
  const answer =
    known.status === 404
      ? await send(fixture, "POST", path, object)
      : await send(fixture, "PATCH", `${path}/boats.${group}`, { spec: object.spec }, merge);
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  assert.equal(answer.warning, undefined);
}

function boat(version: string, name: string, fields: object): object {
  return { apiVersion: `${group}/${version}`, kind: "Boat", metadata: { name }, ...fields };
}

function startConverter(): Promise<WebhookServer> {
  return startWebhook((_path, request) => ({
    result: { status: "Success" },
    convertedObjects: (request["objects"] as JsonObject[]).map((object) =>
      convert(object, request["desiredAPIVersion"] as string),
    ),
  }));
}

function convert({ hostPort, host, port, ...rest }: JsonObject, apiVersion: string): JsonObject {
  if (apiVersion === `${group}/v1`)
    return { ...rest, apiVersion, hostPort: `${String(host)}:${String(port)}` };
  const [first = "", second = ""] = String(hostPort).split(":");
  return { ...rest, apiVersion, host: first, port: second };
}

const shownIn = {
  v1: ({ hostPort }: JsonObject) => hostPort,
  v2: ({ host, port }: JsonObject) => [host, port],
};

describe("a kind whose versions a webhook converts", () => {
  test("is written and read in each of them, and stored in one", async () => {
    const fixture = await startApi();
    await using hook = await startConverter();
    await defineBoats(fixture, hook.at("/convert"));
    const created = await send(fixture, "POST", boats("v2"), boat("v2", "a", { host: "sea", port: "80" }));
    assert.equal(created.status, 201, created.body.message);
    assert.deepEqual(shownIn.v2(created.body), ["sea", "80"]);
    const read = await send(fixture, "GET", `${boats("v1")}/a`);
    assert.deepEqual([shownIn.v1(read.body), read.body["host"]], ["sea:80", undefined]);
    const patched = await send(fixture, "PATCH", `${boats("v2")}/a`, { port: "443" }, merge);
    assert.deepEqual(shownIn.v2(patched.body), ["sea", "443"]);
    const replaced = await send(fixture, "PUT", `${boats("v2")}/a`, { ...patched.body, host: "lake" });
    assert.equal(replaced.status, 200, replaced.body.message);
    assert.deepEqual(shownIn.v1((await send(fixture, "GET", `${boats("v1")}/a`)).body), "lake:443");
    const status = await send(fixture, "PATCH", `${boats("v2")}/a/status`, { status: {} }, merge);
    assert.deepEqual(shownIn.v2(status.body), ["lake", "443"]);
    const same = await send(fixture, "PATCH", `${boats("v2")}/a`, { port: "443" }, merge);
    const revisionOf = ({ metadata }: JsonObject) => (metadata as JsonObject)["resourceVersion"];
    assert.equal(revisionOf(same.body), revisionOf(status.body));
    assert.equal((await send(fixture, "DELETE", `${boats("v2")}/a`)).status, 200);
    assert.equal((await send(fixture, "GET", `${boats("v1")}/a`)).status, 404);
  });

  test("is listed in one version, however its objects were stored, and in one call for each", async () => {
    const fixture = await startApi();
    await using hook = await startConverter();
    await defineBoats(fixture, hook.at("/convert"));
    for (const name of ["a", "b"])
      await send(fixture, "POST", boats("v1"), boat("v1", name, { hostPort: `${name}:1` }));
    await defineBoats(fixture, hook.at("/convert"), "v2");
    await send(fixture, "POST", boats("v2"), boat("v2", "c", { host: "c", port: "1" }));
    const before = hook.asked.length;
    const itemsOf = async (version: "v1" | "v2") =>
      ((await send(fixture, "GET", boats(version))).body["items"] as JsonObject[]).map(shownIn[version]);
    assert.deepEqual(await itemsOf("v2"), [
      ["a", "1"],
      ["b", "1"],
      ["c", "1"],
    ]);
    assert.deepEqual(await itemsOf("v1"), ["a:1", "b:1", "c:1"]);
    assert.deepEqual(
      hook.asked.slice(before).map(({ request }) => (request["objects"] as unknown[]).length),
      [2, 1],
    );
  });

  test("is watched in any of them, in order", async () => {
    const fixture = await startApi();
    await using hook = await startConverter();
    await defineBoats(fixture, hook.at("/convert"));
    await send(fixture, "POST", boats("v1"), boat("v1", "a", { hostPort: "a:1" }));
    const answer = await fixture.transport({
      method: "GET",
      path: boats("v2"),
      query: new URLSearchParams({ watch: "1" }),
      headers: {},
    });
    const events: unknown[] = [];
    await send(fixture, "PATCH", `${boats("v1")}/a`, { hostPort: "a:2" }, merge);
    await send(fixture, "POST", boats("v1"), boat("v1", "b", { hostPort: "b:1" }));
    await send(fixture, "DELETE", `${boats("v1")}/a`);
    for await (const chunk of answer.body as AsyncIterable<string>) {
      for (const line of chunk.trim().split("\n")) {
        const { type, object } = JSON.parse(line) as { type: string; object: JsonObject };
        events.push([type, ...shownIn.v2(object)]);
      }
      if (events.length === 4) break;
    }
    assert.deepEqual(events, [
      ["ADDED", "a", "1"],
      ["MODIFIED", "a", "2"],
      ["ADDED", "b", "1"],
      ["DELETED", "a", "2"],
    ]);
  });

  test("is not served by a webhook that fails or that gives another object, but is as it is stored", async () => {
    const fixture = await startApi();
    const answers: Record<string, (objects: JsonObject[]) => JsonObject> = {
      "/no": () => ({ result: { status: "Failed", message: "not today" } }),
      "/few": () => ({ result: { status: "Success" }, convertedObjects: [] }),
      "/same": (objects) => ({ result: { status: "Success" }, convertedObjects: objects }),
      "/other": ([object]) => ({
        result: { status: "Success" },
        convertedObjects: [{ ...convert(object!, `${group}/v2`), metadata: { name: "other" } }],
      }),
    };
    await using hook = await startWebhook((path, request: Asked) =>
      answers[path]?.(request["objects"] as JsonObject[]),
    );
    await defineBoats(fixture, hook.at("/no"));
    await send(fixture, "POST", boats("v1"), boat("v1", "a", { hostPort: "a:1" }));
    const refused = async (path: string) => {
      await defineBoats(fixture, hook.at(path));
      const { status, body } = await send(fixture, "GET", `${boats("v2")}/a`);
      assert.equal(status, 500);
      return body.message;
    };
    const webhook = "conversion webhook for example.com/v1, Kind=Boat";
    assert.equal(await refused("/no"), `${webhook} failed: not today`);
    assert.equal(await refused("/few"), `${webhook} returned 0 objects, expected 1`);
    const invalid = `${webhook} returned invalid converted object at index 0:`;
    assert.equal(
      await refused("/same"),
      `${invalid} invalid groupVersion (expected example.com/v2, received example.com/v1)`,
    );
    assert.equal(await refused("/other"), `${invalid} must have the same name: a != other`);
    assert.equal((await send(fixture, "GET", `${boats("v1")}/a`)).body["hostPort"], "a:1");
  });
});
