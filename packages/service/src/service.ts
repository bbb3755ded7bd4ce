import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { createGuards } from "./assembly/guards.ts";
import { createInternalRoutes } from "./assembly/internal-routes.ts";
import { openFurtherPorts, type StartupTask } from "./assembly/further-ports.ts";
import { startTelemetry } from "./assembly/telemetry.ts";
import { traceFromStartup } from "./assembly/trace-from-startup.ts";
import { attachServer } from "./attach-server.ts";
import type { Request } from "./exchange.ts";
import type { Faults } from "./faults/faults.ts";
import type { LogLevel } from "./log/create-logger.ts";
import type { MetricsRegistry } from "./metrics/metrics-registry.ts";
import { serviceSettings, type ServiceSettings } from "./service-settings.ts";
import type { ConfigOptions, ConfigReader, LiveConfig } from "./config/live-config.ts";
import { type Environment, readSettings } from "./config/settings/read-settings.ts";
import type { LiveTls, TlsOptions, watchTls } from "./config/tls-reload.ts";
import { planBudget } from "./lifecycle/budget.ts";
import { trackConnections } from "./lifecycle/connection-set.ts";
import { createLifecycle, type LifecyclePhase } from "./lifecycle/lifecycle.ts";
import { listenToProcess, type ProcessEvents, writeCrash } from "./lifecycle/process-events.ts";
import type { ShutdownReport } from "./lifecycle/shutdown-report.ts";
import type { LogDestination } from "./log/log-destination.ts";
import { createHttpMetrics } from "./metrics/http-metrics.ts";
import { type Check, createChecks } from "./probes/checks.ts";
import { createProbes } from "./probes/probes.ts";
import { setSecurityHeaders } from "./protection/security-headers.ts";
import { takeOverKeepAlive } from "./protection/keep-alive.ts";
import { type AnyServer, exchangeOf } from "./tap-server.ts";

/** Settings given in code. The environment overrides them, so that the person who runs the service has the last word. */
export interface ServiceOptions extends Partial<ServiceSettings> {
  /** All settings, read by the program together with its own. Other options for them and the environment are then ignored. */
  readonly settings?: ServiceSettings;
  /** Paths that faults spare beside probes and metrics, such as the one where an administrator ends them. */
  readonly faultExemptPaths?: readonly string[];
  /** For tests: the sources of settings and signals, the exit, and the destination of log lines. */
  readonly env?: Environment;
  readonly process?: ProcessEvents;
  readonly exit?: (code: number) => void;
  readonly logDestination?: LogDestination;
}

/** A service that behaves well on Kubernetes. */
export interface Service extends AsyncDisposable {
  readonly phase: LifecyclePhase;
  readonly isReady: boolean;
  /** Aborted when the shutdown begins. Hand the signal to loops and calls that would hold up the shutdown. */
  readonly signal: AbortSignal;
  /** A pino logger, with the same level and destination as the library's lines. It is loaded when it is first asked for. */
  readonly log: Logger;
  logLevel: LogLevel;
  /** Looks after a server of node:http, node:https or node:http2, and returns it. Call this before the server listens. */
  attach<S extends AnyServer>(server: S): S;
  /** Starts a task that must end before the service is ready. It is aborted by SIGTERM; its failure ends the process. */
  startup(name: string, task: StartupTask, options?: { readonly timeoutMs?: number }): void;
  /** Makes the service not ready, or ready again, as the application wants. */
  setReady(ready: boolean): void;
  /** Adds a hook that runs when no request is left. The hook added last runs first. */
  onShutdown(name: string, run: () => void | Promise<void>, options?: { readonly timeoutMs?: number }): void;
  /** Adds a named check to readiness or liveness. */
  check(check: Check): void;
  readonly metrics: MetricsRegistry;
  /** Requests that have come, without probes and scrapes. */
  readonly requestsTotal: number;
  readonly faults: Faults;
  /** The headers to add to a request that is sent on behalf of another one, so that its trace goes on. */
  propagationHeaders(request: Request): Record<string, string>;
  /** Follows a folder of configuration until the shutdown, with this service's log and metrics. */
  watchConfig<T>(options: Unlogged<ConfigOptions> & ConfigReader<T>): Promise<LiveConfig<T>>;
  /** Gives servers a certificate and key, and each new one without a restart. Call it before they listen. */
  watchTls(servers: Parameters<typeof watchTls>[0], options: Unlogged<TlsOptions>): Promise<LiveTls>;
  /** Drains as SIGTERM does, without the exit. The second call joins the first. */
  shutdown(reason: string): Promise<ShutdownReport>;
}

type Unlogged<T> = Omit<T, "log" | "registry">;

/**
 * Makes the service and takes signals from here on. As PID 1 of a container a process has no default action for them,
 * so call this first of all. Throws SW8001 when a setting has a value that it cannot take.
 */
export function createService(options: ServiceOptions = {}): Service {
  const { env = process.env, exit = (code) => process.exit(code) } = options;
  const settings = options.settings ?? readSettings(withDefaults(options), { env }).values;
  const identity = { name: env["OTEL_SERVICE_NAME"] || settings.serviceName, version: settings.version };
  const budget = planBudget({ ...settings, preStopMs: settings.preStopSeconds * 1_000 });
  const telemetry = startTelemetry(settings, identity, options.logDestination);
  const { registry, log: serviceLog } = telemetry;
  const log = serviceLog.lines;
  for (const warning of budget.warnings) log.warn({}, warning);

  const servers: AnyServer[] = [];
  const lifecycle = createLifecycle({
    budget,
    quietMs: settings.quietMs,
    readinessOnShutdown: settings.readinessOnShutdown,
    log,
    now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    activeResources: () => process.getActiveResourcesInfo(),
    onReady: () => log.info({ startedAfterMs: Math.round(now()), ports: servers.map(portOf) }, "ready"),
    onStartupFailure: (error) => {
      log.error({ code: error.code, next: error.details.next }, error.message);
      end(error.message, { graceMs: settings.crashGraceMs });
    },
  });
  const startup = (name: string, task: StartupTask): void =>
    lifecycle.startup(name, task, settings.startupTimeoutMs);
  const end = (reason: string, crash?: { readonly graceMs: number }): void =>
    void lifecycle.shutdown(reason, crash).then(({ exitCode }) => exit(crash === undefined ? exitCode : 1));

  const checks = createChecks({ log, registry });
  const probes = createProbes({ state: lifecycle, checks });
  const routes = createInternalRoutes(probes, registry);
  const guards = createGuards(settings, telemetry, options.faultExemptPaths);
  const tracing = traceFromStartup({ telemetry, identity, env, startup });
  const observers = [
    tracing.observer,
    createHttpMetrics(registry, { compat: settings.metricsCompat, knownMethods: tracing.knownMethods }),
    ...guards.observers,
    ...[setSecurityHeaders(settings.securityHeaders)].filter((each) => each !== undefined),
  ];

  const closeLast = new AsyncDisposableStack();
  closeLast.use(telemetry.processMetrics);
  openFurtherPorts({ settings, log, state: lifecycle, probes, routes, startup, closeLast });
  closeLast.use(
    listenToProcess(options.process ?? process, {
      end,
      endNow(signal) {
        if (settings.secondSignal === "ignore") return;
        log.error({ signal }, "a second signal: exit at once");
        serviceLog.flushSync();
        exit(1);
      },
      crash(error, origin) {
        writeCrash(error, origin);
        lifecycle.setReady(false);
        end(origin, { graceMs: settings.crashGraceMs });
      },
      crashNow(error) {
        writeCrash(error, "while ending after a crash");
        exit(1);
      },
      toggleLogLevel: () => serviceLog.toggleDebug(),
    }),
  );
  lifecycle.onFlush(async () => void (await tracing.now().shutdown(budget.flushMs)));
  lifecycle.onFlush(() => serviceLog.flush());

  let requestsTotal = 0;
  return {
    get phase() {
      return lifecycle.phase;
    },
    get isReady() {
      return lifecycle.isReady;
    },
    signal: lifecycle.signal,
    get log() {
      return serviceLog.logger;
    },
    get logLevel() {
      return serviceLog.level;
    },
    set logLevel(level) {
      serviceLog.level = level;
    },
    metrics: registry,
    get requestsTotal() {
      return requestsTotal;
    },
    faults: guards.faults,
    attach(server) {
      const connections = trackConnections(server, now, politeness);
      attachServer(server, {
        connections,
        internalRoute: (path) => (settings.probes && routes.has(path) ? path : undefined),
        answerInternal: (exchange) => routes.answer(exchange),
        count() {
          requestsTotal += 1;
          lifecycle.countRequest();
        },
        gates: guards.protect(server),
        observers: [...observers, takeOverKeepAlive(connections)],
        accessLog: settings.accessLog ? telemetry.accessLog : undefined,
        run: (exchange, proceed) => tracing.now().run(exchange, proceed),
        now,
      });
      servers.push(server);
      lifecycle.attach(connections);
      return server;
    },
    startup(name, task, { timeoutMs = settings.startupTimeoutMs } = {}) {
      lifecycle.startup(name, task, timeoutMs);
    },
    setReady: (ready) => lifecycle.setReady(ready),
    onShutdown: (name, run, { timeoutMs } = {}) => lifecycle.onShutdown({ name, run, timeoutMs }),
    check: (check) => checks.add(check),
    propagationHeaders(request) {
      const exchange = exchangeOf(request);
      return exchange === undefined ? {} : tracing.now().propagationHeaders(exchange);
    },
    async watchConfig(watched) {
      const { watchConfig } = await import("./config/live-config.ts");
      return closeLast.use(await watchConfig({ ...watched, log, registry }));
    },
    async watchTls(tlsServers, watched) {
      const { watchTls } = await import("./config/tls-reload.ts");
      return closeLast.use(await watchTls(tlsServers, { ...watched, log, registry }));
    },
    shutdown: (reason) => lifecycle.shutdown(reason),
    async [Symbol.asyncDispose]() {
      await lifecycle.shutdown("disposed");
      await closeLast.disposeAsync();
    },
  };
}

function now(): number {
  return performance.now();
}

/** The times that a shutdown grants to its peers and that no setting changes. */
const politeness = { unusedMs: 2_000, upgradeCloseMs: 2_000 };

/** The table of settings, with the options of the code as its defaults. */
function withDefaults(options: ServiceOptions): typeof serviceSettings {
  const entries = Object.entries(serviceSettings).map(([name, setting]) => {
    const given = options[name as keyof typeof serviceSettings];
    return [name, given === undefined ? setting : { ...setting, default: given }];
  });
  return Object.fromEntries(entries) as typeof serviceSettings;
}

function portOf(server: AnyServer): number | undefined {
  return (server.address() as AddressInfo | null)?.port;
}
