import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createLifecycle,
  createMetricsRegistry,
  logRequests,
  logToStdout,
  measureRequests,
} from "@seaworthy/service";
import { createHandler } from "./handler.ts";
import { readSettings } from "./settings.ts";

// First of all: as PID 1 of a container, a process without a handler does not even hear SIGTERM.
const settings = readSettings(process.env);
const lifecycle = createLifecycle({ drainMs: settings.drainMs, graceMs: settings.graceMs });
const metrics = createMetricsRegistry();
const server = createServer(createHandler({ settings, lifecycle, metrics }));

lifecycle.attach(server);
measureRequests(server, metrics);
logRequests(server, { skipPaths: ["/healthz", "/readyz", "/metrics"], trustProxy: settings.trustProxy });

server.on("error", (error) => {
  logToStdout({ level: "error", msg: "cannot listen", error: error.message });
  process.exitCode = 1;
});
server.listen(settings.port, () => {
  // Ready is what the service says once it can serve, and not before.
  lifecycle.setReady(true);
  const { port } = server.address() as AddressInfo; // PORT=0 takes any free one.
  logToStdout({ level: "info", msg: "listening", port, version: settings.version });
});
