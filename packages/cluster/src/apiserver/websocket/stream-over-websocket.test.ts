import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { readKubeconfig, type KubeconfigConnection } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import type { LogRequest } from "../../log-source.ts";
import { pod, silentNodes, startApi } from "../testing/start-api.ts";
import type { ListeningApi } from "../http/serve-api.ts";

let api: ListeningApi;
let connection: KubeconfigConnection;
const stopped = Promise.withResolvers<void>();

before(async () => {
  const kubelet = {
    ...silentNodes,
    async *readLog(_namespace: string, _pod: string, { follow, signal }: LogRequest) {
      yield "one\n";
      yield "zwölf\n";
      if (!follow) return;
      if (!signal.aborted) await once(signal, "abort");
      stopped.resolve();
    },
  };
  const fixture = await startApi({ startMs: Date.now(), kubelet });
  const state = { running: { startedAt: "2026-01-01T00:00:00Z" } };
  const c = { name: "c", ready: true, restartCount: 0, image: "c:1", imageID: "", state };
  const created = await fixture.client.create(resourceTypes.pods, pod("p", { nodeName: "node-1" }));
  const status = { containerStatuses: [c] };
  await fixture.client.update(resourceTypes.pods, { ...created, status }, "status");
  api = await fixture.start();
  connection = await readKubeconfig({ text: api.kubeconfig });
});
after(() => api[Symbol.asyncDispose]());

for (const [protocols, messages] of [
  [[], ["", "one\n", "zwölf\n"]],
  [["binary.k8s.io"], ["", "one\n", "zwölf\n"]],
  [["base64.binary.k8s.io"], ["", "b25lCg==", "enfDtmxmCg=="]],
] as const)
  test(`a log over a WebSocket that offers ${protocols.join(", ") || "nothing"}`, async () => {
    const socket = open("log", protocols);
    const got: string[] = [];
    socket.on("message", (data) => got.push(String(data)));
    const [code] = (await once(socket, "close")) as [number];
    assert.equal(code, 1000);
    assert.deepEqual(got, messages);
    assert.equal(socket.protocol, protocols[0] ?? "");
  });

test("a log that is followed ends with its reader", { timeout: 10_000 }, async () => {
  const socket = open("log?follow=true", ["binary.k8s.io"]);
  await once(socket, "message");
  socket.close();
  await stopped.promise;
});

test("who offers another protocol is refused", async () => {
  const [error] = (await once(open("log", ["v4.channel.k8s.io"]), "error")) as [Error];
  assert.match(error.message, /403/);
});

function open(path: string, protocols: readonly string[]): WebSocket {
  const { ca, cert, key } = connection;
  const url = `${api.url.replace("https", "wss")}/api/v1/namespaces/default/pods/p/${path}`;
  return new WebSocket(url, [...protocols], { ca, cert, key });
}
