import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { isConflict, isNotFound } from "./api-error.ts";
import { createClient } from "./create-client.ts";
import { httpTransport } from "./http-transport.ts";

const type = { group: "apps", version: "v1", plural: "deployments", kind: "Deployment", namespaced: true };

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("sends method, path, query, body and token, and reads a list", async () => {
  const seen: unknown[] = [];
  await using api = await serve((request, response) => {
    seen.push([request.method, request.url, request.headers.authorization]);
    const items = [{ metadata: { name: "a" } }];
    response.end(
      JSON.stringify({
        kind: "DeploymentList",
        apiVersion: "apps/v1",
        metadata: { resourceVersion: "5" },
        items,
      }),
    );
  });
  const client = createClient(httpTransport({ server: `${api.url}/prefix/`, token: async () => "secret" }));
  const list = await client.list(type, { namespace: "team", labelSelector: "a=b" });
  assert.deepEqual(list, {
    resourceVersion: "5",
    items: [{ metadata: { name: "a" }, apiVersion: "apps/v1", kind: "Deployment" }],
  });
  assert.deepEqual(seen, [
    ["GET", "/prefix/apis/apps/v1/namespaces/team/deployments?labelSelector=a%3Db", "Bearer secret"],
  ]);
});

test("a refusal is an ApiError with the server's words, plain text included", async () => {
  await using api = await serve((request, response) => {
    response.statusCode = request.method === "GET" ? 404 : 409;
    response.end(
      request.method === "GET"
        ? "no such page"
        : JSON.stringify({ kind: "Status", reason: "Conflict", message: "m" }),
    );
  });
  const client = createClient(httpTransport({ server: api.url }));
  await assert.rejects(
    client.get(type, "team", "a"),
    (error) => isNotFound(error) && error.message === "no such page",
  );
  const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a", namespace: "team" } };
  await assert.rejects(client.update(type, object), (error) => isConflict(error) && error.message === "m");
});

test("a watch reads events that are cut anywhere, and ends quietly when it is aborted", async () => {
  const event = JSON.stringify({ type: "ADDED", object: { metadata: { name: "ä" } } });
  await using api = await serve((_request, response) => {
    const bytes = Buffer.from(`${event}\n${event}\n`);
    const cut = bytes.indexOf("ä") + 1;
    response.write(bytes.subarray(0, cut));
    setImmediate(() => response.write(bytes.subarray(cut)));
  });
  const client = createClient(httpTransport({ server: api.url }));
  const abort = new AbortController();
  const names: string[] = [];
  for await (const { object } of client.watch(type, { resourceVersion: "1", signal: abort.signal })) {
    names.push(object.metadata.name);
    if (names.length === 2) abort.abort();
  }
  assert.deepEqual(names, ["ä", "ä"]);
});

test("a server that is not there is SW3002", async () => {
  const api = await serve(() => {});
  await api[Symbol.asyncDispose]();
  const client = createClient(httpTransport({ server: api.url }));
  await assert.rejects(
    client.list(type),
    (error) => error instanceof SeaworthyError && error.code === "SW3002",
  );
});
