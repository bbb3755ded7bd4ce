import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect, createServer, type AddressInfo, Socket } from "node:net";
import { describe, it } from "node:test";
import { startDeafServer } from "../testing/deaf-server.ts";
import type { SeaworthyError } from "@seaworthy/errors";
import type { Dial } from "./load-run.ts";
import type { Target } from "../plan/plan.ts";
import { startLoad } from "./start-load.ts";
import { type MisbehavingServer, startMisbehavingServer } from "../testing/misbehaving-server.ts";
import { plan, refusingPort, runWhole, countFailures, sum, quickServer } from "../testing/run-plan.ts";

describe("startLoad with dialed targets", () => {
  const dialed = (path: string): Target => ({
    name: path,
    via: { kind: "dialed" },
    hostHeader: "shop",
    path,
  });

  const dialer =
    (server: MisbehavingServer): Dial =>
    async (name, timeoutMs) => {
      assert.equal(timeoutMs, 400);
      const peer = "10.0.0.9:8080";
      const code = /^\/(E[A-Z]+)$/.exec(name)?.[1];
      if (code !== undefined) throw Object.assign(new Error(code), { code, peer });
      const socket: Socket = connect({ host: "127.0.0.1", port: server.port });
      await once(socket, "connect");
      return { socket, peer };
    };

  it("takes the sockets that it is handed, and the errors, with their peer", async () => {
    await using server = await startMisbehavingServer();
    const names = ["/ok", "/reset-before", "/ECONNREFUSED", "/EHOSTUNREACH", "/ETIMEDOUT"];
    const report = await runWhole(plan(names.map(dialed), 100), { dial: dialer(server) });
    assert.deepEqual(countFailures(report), {
      "/reset-before reset-before-answer": 20,
      "/ECONNREFUSED refused": 20,
      "/EHOSTUNREACH unreachable": 20,
      "/ETIMEDOUT connect-timeout": 20,
    });
    assert.equal(report.ok, 20);
    assert.ok(report.failures.every(({ peer }) => peer === "10.0.0.9:8080"));
    assert.equal(report.generator.valid, true, report.generator.why);
    assert.equal(sum(server.requests), 40);
  });

  it("connects to the addresses that it is told, and says which of them nobody answered", async () => {
    await using server = await startMisbehavingServer();
    await using deaf = await startDeafServer();
    const ports: Readonly<Record<string, number>> = {
      "/ok": server.port,
      "/reset-before": server.port,
      "/refused": refusingPort,
      "/deaf": deaf.port,
    };
    const unanswered: string[] = [];
    const dial: Dial = async (name) => ({
      host: "127.0.0.1",
      port: ports[name] ?? 0,
      peer: `peer of ${name}`,
      unanswered: () => void unanswered.push(name),
    });
    const report = await runWhole(plan(Object.keys(ports).map(dialed), 80), { dial });
    assert.deepEqual(countFailures(report), {
      "/reset-before reset-before-answer": 20,
      "/refused refused": 20,
      "/deaf connect-timeout": 20,
    });
    assert.equal(report.ok, 20);
    for (const { peer, target } of report.failures) assert.equal(peer, `peer of ${target}`);
    assert.deepEqual(
      unanswered,
      Array.from({ length: 20 }, () => "/deaf"),
    );
    assert.equal(report.generator.valid, true, report.generator.why);
  });

  it("says what the command said that should have entered another network", async () => {
    const enter = ["sh", "-c", "echo no such network >&2; exit 1"];
    await assert.rejects(
      startLoad(plan([dialed("/ok")], 4), { enter, dial: () => assert.fail() }),
      ({ code, details }: SeaworthyError) => {
        assert.equal(code, "SW5002");
        assert.deepEqual(details.seen, ["no such network"]);
        return true;
      },
    );
  });

  it("calls a connection reset that the server closed before the request could reach it", async () => {
    const closedByServer = new EventEmitter();
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end(() => closedByServer.emit(String(socket.remotePort)));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const dial: Dial = async (name) => {
      const socket = new Socket({ allowHalfOpen: true });
      // An unread end is left for the load process to find.
      if (name === "/unread") socket.pause();
      await once(socket.connect(port, "127.0.0.1"), "connect");
      await once(closedByServer, String(socket.localPort));
      return { socket, peer: "10.0.0.9:8080" };
    };
    const report = await runWhole(plan(["/unread", "/read"].map(dialed), 40), { dial });
    server.close();
    assert.deepEqual(countFailures(report), {
      "/unread reset-before-answer": 20,
      "/read reset-before-answer": 20,
    });
  });

  it("loses no answer to the process that dialed, which still holds the socket for a moment", async () => {
    await using server = await quickServer();
    const dial: Dial = async () => {
      const socket = connect({ host: "127.0.0.1", port: server.port });
      await once(socket, "connect");
      return { socket, peer: "" };
    };
    const report = await runWhole(plan([dialed("/")], 800, { clients: ["new-connection"] }), { dial });
    assert.deepEqual(countFailures(report), {});
    assert.equal(report.ok, 800);
  });

  it(
    "leaves no socket open when the load process goes in the middle of it",
    { timeout: 10_000 },
    async () => {
      const server = createServer((socket) => socket.on("error", () => undefined).resume()).listen(
        0,
        "127.0.0.1",
      );
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const dial: Dial = async () => {
        const socket = connect({ host: "127.0.0.1", port });
        await once(socket, "connect");
        return { socket, peer: "" };
      };
      const run = await startLoad(plan([dialed("/")], 4_000, { ratePerSecond: 1_000 }), { dial });
      const busy = Promise.withResolvers<void>();
      run.onProgress(({ scheduled }) => scheduled > 200 && busy.resolve());
      await busy.promise;
      await run[Symbol.asyncDispose]();
      server.close();
      // "close" comes when the last connection has ended.
      await once(server, "close");
    },
  );

  it("proves nothing when the process that dials stood still", async () => {
    await using server = await startMisbehavingServer();
    let calls = 0;
    const dial: Dial = async (name, timeoutMs) => {
      if (++calls === 10) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      return await dialer(server)(name, timeoutMs);
    };
    const report = await runWhole(plan([dialed("/ok")], 100), { dial });
    assert.equal(report.generator.valid, false);
    assert.match(report.generator.why ?? "", /the process that dials stood still for \d+ ms/);
  });

  it("says that requests were not sent when the dialer never answers", async () => {
    const report = await runWhole(plan([dialed("/ok")], 4), {
      dial: async () => await new Promise(() => undefined),
    });
    assert.equal(report.generator.valid, false);
    assert.equal(report.generator.why, "4 requests were not sent: the dialer did not answer");
  });
});
