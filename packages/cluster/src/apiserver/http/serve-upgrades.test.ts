import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { startApi } from "../testing/start-api.ts";
import type { ListeningApi } from "./serve-api.ts";

const refused =
  "GET /api/v1/pods HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";

test("a connection whose upgrade is refused is closed, whatever its client sends after it, and though it stays", async () => {
  await using api = await (await startApi({ startMs: Date.now() })).start();
  await using door = await openDoor(api);
  // More than is read ahead.
  for (const more of [0, 1_000_000]) {
    const entered = door.next();
    const staying: object = { allowHalfOpen: true }; // Node's types lack it.
    const client = connectTls({ port: door.port, host: "127.0.0.1", ca: api.ca, ...staying });
    client.on("error", () => {});
    client.write(refused + "x".repeat(more));
    const [answer] = (await once(client, "data")) as [Buffer];
    assert.match(String(answer), /^HTTP\/1.1 403/);
    const socket = await entered;
    if (!socket.destroyed) await once(socket, "close");
    client.destroy();
  }
});

test("disposing ends a connection that has not ended its handshake", async () => {
  const api = await (await startApi({ startMs: Date.now() })).start();
  await using door = await openDoor(api);
  const entered = door.next();
  const client = connectTcp(door.port, "127.0.0.1");
  const socket = await entered;
  await api[Symbol.asyncDispose]();
  assert.ok(socket.destroyed);
  client.destroy();
});

/** Another way into an API server, which shows the server's side of each connection. */
async function openDoor({ accept }: Pick<ListeningApi, "accept">) {
  const server = createServer(accept);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async next() {
      const [socket] = (await once(server, "connection")) as [Socket];
      return socket;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
