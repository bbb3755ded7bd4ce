import type { Log } from "../log/log.ts";
import type { Probes, ProbeState } from "../probes/probes.ts";
import type { ServiceSettings } from "../service-settings.ts";
import type { InternalRoutes } from "./internal-routes.ts";

/** A task that must end before the service is ready. */
export type StartupTask = (signal: AbortSignal) => void | Promise<void>;

/** Opens the ports that the settings ask for beside the application's: that of probes, and that of the health thread. */
export function openFurtherPorts(parts: {
  readonly settings: ServiceSettings;
  readonly log: Log;
  readonly state: ProbeState;
  readonly probes: Probes;
  readonly routes: InternalRoutes;
  readonly startup: (name: string, task: StartupTask) => void;
  readonly closeLast: AsyncDisposableStack;
}): void {
  const { settings, log, state, probes, routes, startup, closeLast } = parts;
  const { probePort, healthThreadPort, healthStallMs } = settings;
  if (probePort !== undefined)
    startup("probe port", async () => {
      const { startProbeServer } = await import("../probes/probe-server.ts");
      const other = routes.answer;
      closeLast.use(await startProbeServer({ port: probePort, probes, other }));
    });
  if (healthThreadPort !== undefined)
    startup("health thread", async () => {
      const { startHealthThread } = await import("../probes/health-thread.ts");
      const options = { port: healthThreadPort, state, stallMs: healthStallMs, log };
      closeLast.use(await startHealthThread(options));
    });
}
