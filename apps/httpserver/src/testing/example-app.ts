import type { TestContext } from "node:test";
import type { FastifyInstance } from "fastify";
import { createApp, type AppParts } from "../create-app.ts";

/** The application with parts that do nothing, but for those that a test gives. */
export function exampleApp(t: TestContext, parts: Partial<AppParts> = {}): FastifyInstance {
  const app = createApp({ ...exampleParts, ...parts }, { forceCloseConnections: true });
  t.after(() => app.close());
  return app;
}

/** Lets the application listen on a free port, and gives its origin. */
export async function listen(app: FastifyInstance): Promise<string> {
  return await app.listen({ port: 0, host: "127.0.0.1" });
}

/** Parts that do nothing. */
export const exampleParts: AppParts = {
  version: "7",
  revision: "abc",
  podName: "pod-a",
  podNamespace: undefined,
  podIp: undefined,
  nodeName: undefined,
  envAllow: [],
  env: {},
  requestsTotal: () => 0,
  configuredRoutes: () => new Map(),
  unmatched: "echo",
  backendUrls: [],
  backendTimeoutMs: 1_000,
  propagationHeaders: () => ({}),
  mountedFolders: () => [],
  jwtSecret: undefined,
  cache: undefined,
  dataDir: undefined,
  admin: false,
  adminToken: undefined,
  allowPanic: false,
  setReady: () => undefined,
  faults: { enable: () => undefined, disable: () => undefined, set: () => undefined, status: () => ({}) },
  log: { level: "info", levels: ["info", "debug"], setLevel: () => undefined },
  errorLog: { error: () => undefined },
};
