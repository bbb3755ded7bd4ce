import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { createProbes } from "./probes.ts";
import { startProbeServer } from "./probe-server.ts";

const probes = createProbes({
  state: { phase: "ready", isReady: true, isStarted: true },
  checks: { run: () => [] },
});

test("probes, other paths, and what is neither", async () => {
  await using server = await startProbeServer({
    port: 0,
    host: "127.0.0.1",
    probes,
    other({ path, response }) {
      if (path !== "/metrics") return false;
      response.end("metrics");
      return true;
    },
  });
  const ask = async (path: string): Promise<[number, string]> => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await ask("/readyz"), [200, "ok\n"]);
  assert.deepEqual(await ask("/metrics"), [200, "metrics"]);
  assert.deepEqual(await ask("/"), [404, ""]);
});

test("its end waits for nobody: neither kept connections, nor unused ones, nor half a head", async (t) => {
  const server = await startProbeServer({ port: 0, host: "127.0.0.1", probes });
  const { port } = server;
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(get({ port, host: "127.0.0.1", agent, path: "/livez" }), "response");
  await once(response.resume(), "end");
  const unused = connect(port, "127.0.0.1");
  const half = connect(port, "127.0.0.1");
  half.write("GET /livez HT");
  for (const socket of [unused, half]) {
    socket.on("error", () => undefined);
    await once(socket, "connect");
    t.after(() => socket.destroy());
  }
  await server[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  const refused = connect(port, "127.0.0.1");
  const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNREFUSED");
});

test("a port that is taken is named", async () => {
  await using server = await startProbeServer({ port: 0, host: "127.0.0.1", probes });
  await assert.rejects(
    startProbeServer({ port: server.port, host: "127.0.0.1", probes }),
    (error) => error instanceof SeaworthyError && error.code === "SW8006" && /EADDRINUSE/.test(error.message),
  );
});
