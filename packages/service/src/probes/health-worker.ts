import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { createHealthState } from "./health-state.ts";

/** The data that the thread is started with. */
export interface HealthWorkerData {
  readonly memory: SharedArrayBuffer;
  readonly port: number;
  readonly host: string | undefined;
  readonly stallMs: number;
  readonly livez: string;
  readonly readyz: string;
}

/** The only message of the thread: that it listens, or why it cannot. */
export type HealthWorkerMessage = { readonly port: number } | { readonly failure: string };

const { memory, port, host, stallMs, livez, readyz } = workerData as HealthWorkerData;
const state = createHealthState(memory);

const server = createServer((request, response) => {
  const { status, body } = answer((request.url ?? "").split("?", 1)[0]);
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : body);
});
server.headersTimeout = 5_000;
server.requestTimeout = 10_000;
server.maxConnections = 100;
server.once("error", ({ message }) => tell({ failure: message }));
server.listen(port, host, () => tell({ port: (server.address() as AddressInfo).port }));

function answer(path: string | undefined): { status: number; body: string } {
  if (path !== livez && path !== readyz) return { status: 404, body: "" };
  const { ageMs, isReady } = state.read();
  const stalled = `the event loop has not run for ${Math.round(ageMs)} ms\n`;
  if (ageMs >= stallMs) return { status: 503, body: stalled };
  if (path === readyz && !isReady) return { status: 503, body: "not ready\n" };
  return { status: 200, body: "ok\n" };
}

function tell(message: HealthWorkerMessage): void {
  parentPort?.postMessage(message, []);
}
