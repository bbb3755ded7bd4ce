// What users write with the libraries: compiled against their types, and run.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Cluster, type ClusterOptions } from "@seaworthy/cluster";
import { SeaworthyError } from "@seaworthy/errors";
import { resourceTypes } from "@seaworthy/kube";
import { createPlan, startLoad, steadyPace, targetOf, type LoadReport } from "@seaworthy/load";
import { createService, type Service } from "@seaworthy/service";

// @ts-expect-error: the types are there, and not `any`.
export const wrong: ClusterOptions & Service = 1;

const server = createServer((_request, response) => response.end("hello\n"));
const service: Service = createService();
service.attach(server);
await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
const { port } = server.address() as AddressInfo;

const targets = [targetOf(`http://127.0.0.1:${port}/`)];
await using run = await startLoad(createPlan({ targets, pace: steadyPace(20, 1_000) }));
const report: LoadReport = await run.report;

await using cluster = await Cluster.start({ nodes: 1, profile: "instant" });
const nodes = await cluster.client.list(resourceTypes.nodes);

const refused: unknown = await startLoad(createPlan({ targets: [], pace: steadyPace(1, 1) })).catch(
  (error: unknown) => error,
);
const code = refused instanceof SeaworthyError ? refused.code : String(refused);
// On a line of its own between those of the service's log.
process.stdout.write(`${JSON.stringify({ ok: report.ok, nodes: nodes.items.length, code })}\n`);
process.kill(process.pid, "SIGTERM");
