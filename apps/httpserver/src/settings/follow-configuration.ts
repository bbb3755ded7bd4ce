import { isDeepStrictEqual } from "node:util";
import type { ConfigFiles, FaultRule, LiveConfig, Service } from "@seaworthy/service";
import type { ConfiguredRoutes } from "./configured-routes.ts";
import type { MountedFolder } from "../routes/config-routes.ts";
import {
  readConfigured,
  settingNames,
  settingsTable,
  type Settings,
  type SettingsInput,
} from "./settings.ts";

/** The parts that may change while the server runs. */
export interface Configuration {
  readonly routes: () => ConfiguredRoutes;
  readonly mountedFolders: () => readonly MountedFolder[];
}

interface FollowParts {
  readonly service: Pick<Service, "faults" | "log" | "logLevel" | "watchConfig">;
  /** As they were at the start. */
  readonly settings: Settings;
  readonly input: SettingsInput;
}

/**
 * Follows the mounted ConfigMap and Secret. The log's level, the faults and the routes of a new configuration take effect
 * at once and together; other settings wait for a restart. A configuration that cannot be used leaves the last good one.
 * A value that an administrator has set by a request stays until the configuration changes that value.
 */
export async function followConfiguration({ service, settings, input }: FollowParts): Promise<Configuration> {
  const folders: (() => MountedFolder)[] = [];
  let current = settings;
  let rules = settings.faults;
  function use(next: Settings): void {
    if (next.logLevel !== current.logLevel) service.logLevel = next.logLevel;
    const nextRules = rulesOf(next);
    if (!isDeepStrictEqual(nextRules, rules)) service.faults.set(nextRules);
    rules = nextRules;
    current = next;
  }
  use(settings);

  const { config, secretDir } = settings;
  if (config !== undefined) {
    const live = await service.watchConfig({
      directory: config,
      parse: (files) => ({ ...readConfigured(input, config, files), files }),
    });
    // The configuration may be a later one than that of the start.
    use(live.current.settings);
    live.onChange((next) => {
      use(next.settings);
      const waiting = waitingSettings(settings, next.settings);
      if (waiting.length > 0)
        service.log.warn({ settings: waiting }, "changes of these settings wait for a restart");
    });
    folders.push(() => describe(config, live.current.holdsSecret, live, live.current.files));
  }
  if (secretDir !== undefined) {
    const live = await service.watchConfig({
      directory: secretDir,
      metricPrefix: "secrets",
      secret: true,
      parse: (files) => files,
    });
    folders.push(() => describe(secretDir, true, live, live.current));
  }
  return { routes: () => current.routes, mountedFolders: () => folders.map((folder) => folder()) };
}

/** The delay is for requests that no other rule matches. */
function rulesOf({ faults, delay }: Settings): readonly FaultRule[] {
  return delay === undefined ? faults : [...faults, { delay }];
}

function waitingSettings(started: Settings, changed: Settings): string[] {
  return settingNames.filter(
    (name) => !settingsTable[name].live && !isDeepStrictEqual(started[name], changed[name]),
  );
}

function describe(
  path: string,
  isSecret: boolean,
  { generation, lastError }: LiveConfig<unknown>,
  files: ConfigFiles,
): MountedFolder {
  return { path, isSecret, generation, lastError, files };
}
