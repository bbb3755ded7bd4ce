import path from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import {
  type ConfigFiles,
  type Environment,
  integer,
  readSettings,
  serviceSettings,
  type SettingsOf,
  text,
} from "@seaworthy/service";
import { applicationSettings } from "./application-settings.ts";
import { delaySetting } from "./delay-setting.ts";

// An import of node:fs as an ES module reads each of its exports, and so loads streams: 20 ms of a start of 200.
const { existsSync, readFileSync, statSync } = process.getBuiltinModule("node:fs");

/** All settings: those of the library, of the ports and folders, and of the application. */
export const settingsTable = {
  ...serviceSettings,
  serviceName: text({
    default: "httpserver",
    help: "The name in metrics and traces (OTEL_SERVICE_NAME goes first)",
  }),
  port: integer({ default: 8_080, max: 65_535, help: "HTTP/1.1; 0 takes any free port" }),
  h2cPort: integer({ default: undefined, max: 65_535, help: "HTTP/2 without TLS; off without it" }),
  httpsPort: integer({
    default: undefined,
    max: 65_535,
    help: "HTTPS with HTTP/2 and HTTP/1.1; needs a TLS folder",
  }),
  tlsDir: text({
    default: undefined,
    help: "The folder of tls.crt and tls.key, which may change at any time",
  }),
  config: text({
    default: undefined,
    help: "A file of these settings, or a mounted ConfigMap with config.yaml, config.yml or config.json in it; followed while it runs",
  }),
  secretDir: text({ default: undefined, help: "A mounted Secret; /configs names its keys and nothing more" }),
  delay: delaySetting(
    "Delays each request that no rule of the faults matches, in ms: 250, 0..2000 or normal(200,50)",
  ),
  ...applicationSettings,
} as const;

export type Settings = SettingsOf<typeof settingsTable>;

/** The sources of settings, beside files. */
export interface SettingsInput {
  readonly env: Environment;
  readonly argv: readonly string[];
}

/** The settings, as the files of a configuration change them. */
export interface Configured {
  readonly settings: Settings;
  /** Whether the file gives a secret, such as `jwtSecret`, so that nobody may be shown its content. */
  readonly holdsSecret: boolean;
}

/**
 * Reads the settings as they are at the start, with the file that they name themselves. Throws what `readSettings` throws,
 * and SW8003 when there is nothing to be read at that place.
 */
export function readStartSettings(input: SettingsInput): Settings {
  const { values } = readSettings(settingsTable, input);
  const { config } = values;
  return config === undefined ? values : readConfigured(input, config, filesAt(config)).settings;
}

/** Reads the settings from the files at `config`. Beside the file of settings there may be other files. */
export function readConfigured(input: SettingsInput, config: string, files: ConfigFiles): Configured {
  // When `config` is a file and no folder, it may have any name.
  const name = [...configNames, path.basename(config)].find((each) => files.has(each));
  if (name === undefined) return { settings: readSettings(settingsTable, input).values, holdsSecret: false };
  const file = { path: name, text: String(files.get(name)) };
  const { values: settings } = readSettings(settingsTable, { ...input, file });
  const { origin } = readSettings(settingsTable, { file });
  const holdsSecret = settingNames.some((key) => settingsTable[key].secret && origin[key] === "file");
  return { settings, holdsSecret };
}

/** The names of all settings. */
export const settingNames = Object.keys(settingsTable) as readonly (keyof Settings)[];

const configNames = ["config.yaml", "config.yml", "config.json"];

/** The file of settings at a place, by its name; other files there are of no use yet. */
function filesAt(config: string): ConfigFiles {
  try {
    const paths = statSync(config).isDirectory()
      ? configNames.map((name) => path.join(config, name))
      : [config];
    return new Map(
      paths.filter((each) => existsSync(each)).map((each) => [path.basename(each), readFileSync(each)]),
    );
  } catch (error) {
    throw new SeaworthyError("SW8003", `the configuration cannot be read: ${(error as Error).message}`, {
      field: "config",
      next: ["set CONFIG to a file of settings, or to the folder of a mounted ConfigMap"],
      cause: error,
    });
  }
}
