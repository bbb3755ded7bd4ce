/** The environment variable of a setting: `drainMs` → `DRAIN_MS`, `otlpURL` → `OTLP_URL`, `h2c` → `H2C`. */
export function environmentName(name: string): string {
  return words(name).join("_").toUpperCase();
}

/** The flag of a setting: `drainMs` → `--drain-ms`. */
export function flagName(name: string): string {
  return `--${words(name).join("-").toLowerCase()}`;
}

function words(name: string): string[] {
  return name.split(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
}
