import { SeaworthyError } from "@seaworthy/errors";
import { createService, logLevels, settingsHelp } from "@seaworthy/service";
import { createApp } from "./create-app.ts";
import { createCache } from "./cache.ts";
import { followConfiguration } from "./settings/follow-configuration.ts";
import { adminPaths } from "./routes/admin-routes.ts";
import { readStartSettings, settingsTable } from "./settings/settings.ts";
import { startServers } from "./start-servers.ts";
import { createWebSocketEcho } from "./web-socket-echo.ts";

const input = { env: process.env, argv: process.argv.slice(2) };
if (input.argv.includes("--help")) {
  process.stdout.write(settingsHelp(settingsTable, { usage: "node apps/httpserver/src/main.mjs [FLAG…]" }));
} else {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof SeaworthyError)) throw error;
    process.stderr.write(explain(error));
    process.exit(2);
  }
}

async function start(): Promise<void> {
  const settings = readStartSettings(input);
  // First of all: as PID 1 of a container, a process without a listener does not even hear SIGTERM.
  const service = createService({ settings, faultExemptPaths: adminPaths });
  const configuration = await followConfiguration({ service, settings, input });
  const cache = settings.cacheUrl === undefined ? undefined : createCache(settings.cacheUrl, service.log);
  if (cache !== undefined) service.onShutdown("cache", () => cache[Symbol.dispose]());

  const app = createApp({
    ...settings,
    env: process.env,
    cache,
    errorLog: { error: (fields, msg) => service.log.error(fields, msg) },
    configuredRoutes: configuration.routes,
    mountedFolders: configuration.mountedFolders,
    requestsTotal: () => service.requestsTotal,
    propagationHeaders: (request) => service.propagationHeaders(request),
    setReady: (ready) => service.setReady(ready),
    faults: service.faults,
    log: {
      get level() {
        return service.logLevel;
      },
      levels: logLevels,
      setLevel(level) {
        service.logLevel = level as typeof service.logLevel;
      },
    },
  });
  await app.ready();
  await startServers({
    service,
    settings,
    handler: app.routing,
    webSockets: createWebSocketEcho(settings),
  });
}

/** An error as people read it: what, why, what was seen, and what to do now. */
function explain({ code, message, details: { why, seen = [], next = [] } }: SeaworthyError): string {
  return [
    `error[${code}]: ${message}`,
    ...[why].filter((line) => line !== undefined).map((line) => `  why   ${line}`),
    ...seen.map((line) => `  seen  ${line}`),
    ...next.map((line) => `  next  ${line}`),
    "",
  ].join("\n");
}
