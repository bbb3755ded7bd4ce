export type { ConfigFiles, LiveConfig } from "./config/live-config.ts";
export { type Environment, readSettings, type SettingsSources } from "./config/settings/read-settings.ts";
export {
  boolean,
  choice,
  integer,
  json,
  list,
  number,
  type Setting,
  type SettingsOf,
  type SettingsTable,
  text,
} from "./config/settings/setting.ts";
export { describeSettings, settingsHelp, settingsTable } from "./config/settings/settings-table.ts";
export type { LiveTls } from "./config/tls-reload.ts";
export { type FaultRule, parseFaultRules } from "./faults/fault-rules.ts";
export type { Faults } from "./faults/faults.ts";
export { nameFastifyRoutes } from "./frameworks/name-fastify-routes.ts";
export type { ShutdownReport } from "./lifecycle/shutdown-report.ts";
export { type LogLevel, logLevels } from "./log/create-logger.ts";
export type { MetricsRegistry } from "./metrics/metrics-registry.ts";
export type { Check } from "./probes/checks.ts";
export { createService, type Service, type ServiceOptions } from "./service.ts";
export { serviceSettings } from "./service-settings.ts";
export { type AnyServer, setRoute } from "./tap-server.ts";
