/** What the environment decides. */
export interface Settings {
  readonly port: number;
  /** Goes into the `version` response header. */
  readonly version: string;
  /** The pod's name, by the downward API; goes into `x-pod-name`. */
  readonly podName: string | undefined;
  readonly drainMs: number;
  readonly graceMs: number;
  /** Whether X-Forwarded-For comes from a proxy of ours. */
  readonly trustProxy: boolean;
}

/** Reads the settings, and refuses a value that cannot be meant. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    port: wholeNumber(env, "PORT", 8080, 65_535),
    version: env["VERSION"] ?? "unknown",
    podName: env["POD_NAME"],
    drainMs: wholeNumber(env, "DRAIN_MS", 5_000, 3_600_000),
    graceMs: wholeNumber(env, "GRACE_MS", 20_000, 3_600_000),
    trustProxy: env["TRUST_PROXY"] === "true",
  };
}

function wholeNumber(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: number,
  max: number,
): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new RangeError(`${name}=${text}: use a whole number from 0 to ${max}`);
  return value;
}
