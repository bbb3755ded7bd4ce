import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentName, flagName } from "./setting-names.ts";

test("a setting's name becomes a variable and a flag", () => {
  const names: readonly (readonly [string, string, string])[] = [
    ["port", "PORT", "--port"],
    ["drainMs", "DRAIN_MS", "--drain-ms"],
    ["h2c", "H2C", "--h2c"],
    ["http2Enabled", "HTTP2_ENABLED", "--http2-enabled"],
    ["otlpURL", "OTLP_URL", "--otlp-url"],
    ["otelURLPath", "OTEL_URL_PATH", "--otel-url-path"],
  ];
  for (const [name, variable, flag] of names)
    assert.deepEqual([environmentName(name), flagName(name)], [variable, flag]);
});
