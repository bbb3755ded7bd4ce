import { boolean, choice, integer, json, list, text, type Setting } from "@seaworthy/service";
import { parseConfiguredRoutes, type ConfiguredRoutes } from "./configured-routes.ts";

/** The settings of this server beside those of the library. */
export const applicationSettings = {
  version: text({ default: "unknown", help: "What the version header says" }),
  revision: text({ default: "unknown", help: "The commit that was built, for /version" }),
  podName: text({
    default: undefined,
    help: "The pod's name, by the downward API; goes into the x-pod-name header",
  }),
  podNamespace: text({ default: undefined, help: "The pod's namespace, by the downward API" }),
  podIp: text({ default: undefined, help: "The pod's address, by the downward API" }),
  nodeName: text({ default: undefined, help: "The node's name, by the downward API" }),
  routes: json<ConfiguredRoutes>({
    default: new Map(),
    help: 'Paths and what each answers, as JSON: {"/route1": "route1\'s content"}',
    live: true,
    parse: parseConfiguredRoutes,
    allowed: 'JSON such as {"/route1": "route1\'s content"}',
  }),
  unmatched: choice({
    choices: ["echo", "404"],
    default: "echo",
    help: "The answer at paths without a route",
  }),
  envAllow: list({
    default: ["VERSION", "REVISION", "POD_*", "NODE_NAME", "HOSTNAME", "LOG_LEVEL", "PORT"],
    help: "Environment variables that /env shows; a * at the end stands for anything. Secrets are masked",
  }),
  backendUrls: checked(
    list({ default: [], help: "Where /echo sends what it gets, at most 16 http or https URLs" }),
    checkBackends,
  ),
  backendTimeoutMs: integer({
    default: 2_000,
    min: 1,
    max: 60_000,
    help: "How long /echo waits for a backend, in milliseconds",
  }),
  jwtSecret: text({
    default: undefined,
    secret: true,
    minLength: 32,
    help: "Signs and checks tokens. Without it /token answers 503",
  }),
  cacheUrl: checked(
    text({
      default: undefined,
      secret: true,
      help: "The Redis server of /cache, as redis://redis:6379. Without it /cache answers 503",
    }),
    checkCacheUrl,
  ),
  dataDir: text({ default: undefined, help: "The folder of /store. Without it /store answers 503" }),
  admin: boolean({ default: false, help: "Whether /readyz/enable, /faults, /log-level and /panic exist" }),
  adminToken: text({
    default: undefined,
    secret: true,
    minLength: 16,
    help: "The token that these paths want as Authorization: Bearer",
  }),
  allowPanic: boolean({
    default: false,
    help: "Whether POST /panic may crash the process; needs ADMIN, too",
  }),
} as const;

/** A setting whose value must also pass `check`, which throws an error that says what to do instead. */
function checked<T>(setting: Setting<T>, check: (value: T) => void): Setting<T> {
  const pass = (value: T): T => {
    check(value);
    return value;
  };
  return {
    ...setting,
    fromText: (text) => pass(setting.fromText(text)),
    fromValue: (value) => pass(setting.fromValue(value)),
  };
}

const maxBackends = 16;

function checkBackends(urls: readonly string[]): void {
  if (urls.length > maxBackends) throw new RangeError(`use at most ${maxBackends} URLs`);
  const wrong = urls.find((url) => !["http:", "https:"].includes(URL.parse(url)?.protocol ?? ""));
  if (wrong !== undefined) throw new TypeError(`${wrong} is no http or https URL`);
}

function checkCacheUrl(url: string | undefined): void {
  if (url === undefined || ["redis:", "rediss:"].includes(URL.parse(url)?.protocol ?? "")) return;
  throw new TypeError("use a redis or rediss URL");
}
