import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPlan, startLoad, steadyPace, type Target } from "@seaworthy/load";
import { startDeafServer } from "../../packages/load/src/testing/deaf-server.ts";
import { faults } from "../../packages/load/src/testing/draw-faults.ts";
import { startFaultServer } from "../../packages/load/src/testing/fault-server.ts";
import {
  brokenByServer,
  failedInReport,
  faultRun,
  runFaults,
} from "../../packages/load/src/testing/run-faults.ts";
import { selfSigned } from "@seaworthy/certificates";

// Six here, so that the tests stay quick; bench/honesty.ts makes twenty.
describe("the load generator counts what a server broke, no more and no less", () => {
  for (const seed of [1, 2, 3]) {
    for (const client of ["keep-alive", "new-connection"] as const) {
      it(`with the client ${client} and seed ${seed}`, async () => {
        const run = await runFaults({ client, seed });
        const { report, server } = run;
        const { requests, each } = faultRun;
        assert.deepEqual(report.classes, Object.fromEntries(faults.map((fault) => [fault, each])));
        // By method too, and by what the connection had carried before.
        assert.deepEqual(sorted(failedInReport(run)), sorted(brokenByServer(run)));
        assert.equal(report.scheduled, requests);
        assert.equal(report.ok, requests - faults.length * each);
        assert.equal(report.failed, faults.length * each);
        // Nothing was sent twice.
        assert.equal(server.requests, requests);
        assert.equal(report.connections.opened, server.connections);
        assert.equal(report.generator.valid, true, report.generator.why);
      });
    }
  }
});

describe("the load generator tells why a connection did not come about", () => {
  const skip =
    process.platform !== "linux" && "other systems treat full queues and broadcast addresses otherwise";
  it("and counts each class exactly", { skip }, async () => {
    const hour = 3_600_000;
    const valid = selfSigned();
    const expired = selfSigned({
      notBefore: new Date(Date.now() - 9 * hour),
      notAfter: new Date(Date.now() - hour),
    });
    // Who starts a load looks at the certificate first, so that it can only go bad later.
    const certificates = { first: valid, later: expired };
    await using server = await startFaultServer({ requests: 0, numbers: {}, seed: 1, certificates });
    await using deaf = await startDeafServer();
    const { garbage, closing, silent, expiring } = server.ports;
    const targets = [
      // tcpmux, which nobody serves, and which is never a connection's own port.
      target("refused", 1),
      // The kernel refuses to connect to a broadcast address, and sends nothing.
      target("unreachable", 80, { host: "127.255.255.255" }),
      target("deaf", deaf.port),
      target("garbage", garbage, { tls: { insecure: true } }),
      target("closing", closing, { tls: { insecure: true } }),
      target("silent", silent, { tls: { insecure: true } }),
      target("expiring", expiring, { tls: { ca: valid.cert + expired.cert, serverName: "localhost" } }),
    ];
    const each = 50;
    const plan = createPlan({
      targets,
      clients: ["keep-alive", "new-connection"],
      pace: steadyPace(350, 2_000),
      maxRequests: each * targets.length,
      connectTimeoutMs: 1_500,
      maxLagP99Ms: 60_000,
    });
    await using run = await startLoad(plan);
    const report = await run.report;
    const counts = await server.counts();
    assert.deepEqual(report.classes, {
      refused: each,
      unreachable: each,
      "connect-timeout": 2 * each,
      "tls-failure": 3 * each,
    });
    assert.deepEqual(counts.handshakes, { garbage: each, closing: each, silent: each, expiring: each });
    assert.equal(counts.requests, 0);
    for (const { name } of targets) assert.equal(report.byTarget[name]?.failed, each, name);
    assert.equal(report.ok, 0);
    assert.equal(report.generator.valid, true, report.generator.why);
  });
});

function target(
  name: string,
  port: number,
  { host = "127.0.0.1", tls }: { host?: string; tls?: NonNullable<Target["tls"]> } = {},
): Target {
  return {
    name,
    via: { kind: "tcp", host, port },
    hostHeader: "shop.example",
    path: "/",
    ...(tls ? { tls } : {}),
  };
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}
