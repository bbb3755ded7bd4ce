import { standardMethods } from "../known-methods.ts";
import type { SamplerSettings } from "./sampler.ts";

/** The settings of tracing, read from the environment. */
export interface TracingSettings {
  /** Where spans are sent to. Undefined: tracing is off. */
  readonly url: string | undefined;
  readonly sampler: SamplerSettings;
  /** Whether B3 is sent to services that are asked, beside W3C Trace Context. */
  readonly b3: boolean;
  readonly b3multi: boolean;
  readonly batch: BatchSettings;
  /** The longest value of an attribute, in characters; the rest is cut off. */
  readonly maxAttributeLength: number;
  /** Methods that are named as they are; all others are `_OTHER`. */
  readonly knownMethods: ReadonlySet<string>;
  /** The settings that were not understood and are ignored, one sentence each. */
  readonly warnings: readonly string[];
}

/** The limits of the queue between requests and the exporter. */
export interface BatchSettings {
  /** Spans that wait; further ones are dropped. */
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables of https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and, for
 * the endpoint, https://opentelemetry.io/docs/specs/otel/protocol/exporter/. As asked for there, an empty variable
 * counts as not set, and a value that is not understood is ignored with a warning.
 */
export function readTracingSettings(env: Env): TracingSettings {
  const warnings: string[] = [];
  const read = (name: string): string | undefined => env[name]?.trim() || undefined;
  const ignore = (name: string, allowed: string): undefined => {
    // The user and password that a URL can hold do not belong in a log.
    warnings.push(`${name}=${read(name)?.replace(/\/\/.*@/, "//***@")} is ignored: ${allowed}`);
  };
  const integer = (name: string, min: number, fallback: number): number => {
    const text = read(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value < 2 ** 31) return value;
    ignore(name, `it takes an integer from ${min} up; ${fallback} is used`);
    return fallback;
  };

  const propagators = new Set(
    (read("OTEL_PROPAGATORS") ?? "tracecontext,baggage").split(",").map((name) => name.trim()),
  );
  for (const name of propagators) {
    if (!knownPropagators.has(name))
      ignore("OTEL_PROPAGATORS", `${name} is not one of ${[...knownPropagators].join(" ")}`);
  }
  const maxQueueSize = integer("OTEL_BSP_MAX_QUEUE_SIZE", 1, 2_048);
  return {
    url: readUrl(read, ignore),
    sampler: readSampler(read, ignore),
    b3: propagators.has("b3"),
    b3multi: propagators.has("b3multi"),
    batch: {
      maxQueueSize,
      maxExportBatchSize: Math.min(integer("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1, 512), maxQueueSize),
      scheduledDelayMillis: integer("OTEL_BSP_SCHEDULE_DELAY", 0, 5_000),
      exportTimeoutMillis: integer("OTEL_BSP_EXPORT_TIMEOUT", 0, 30_000) || longestTimeoutMs,
    },
    // Without a limit, a queue of spans could hold as many request heads of 16 KiB.
    maxAttributeLength: integer(
      "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
      0,
      integer("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", 0, 4_096),
    ),
    knownMethods: new Set(
      read("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS")?.split(/\s*,\s*/) ?? standardMethods,
    ),
    warnings,
  };
}

type Read = (name: string) => string | undefined;
type Ignore = (name: string, allowed: string) => undefined;

/** The longest time that a timer can be set to. It stands for a timeout of 0, which means none. */
const longestTimeoutMs = 2 ** 31 - 1;
const knownPropagators: ReadonlySet<string> = new Set(["tracecontext", "baggage", "b3", "b3multi", "none"]);

function readUrl(read: Read, ignore: Ignore): string | undefined {
  if (read("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return undefined;
  const exporter = read("OTEL_TRACES_EXPORTER") ?? "otlp";
  if (exporter === "none") return undefined;
  if (exporter !== "otlp") ignore("OTEL_TRACES_EXPORTER", "it takes otlp or none");
  const url = readEndpoint("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "", read, ignore);
  const found = url ?? readEndpoint("OTEL_EXPORTER_OTLP_ENDPOINT", "v1/traces", read, ignore);
  if (found === undefined) return undefined;
  for (const name of ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"]) {
    if (read(name) === "grpc")
      ignore(name, "spans are sent as JSON over HTTP, for which collectors listen on port 4318");
  }
  return found;
}

function readEndpoint(name: string, path: string, read: Read, ignore: Ignore): string | undefined {
  const text = read(name);
  if (text === undefined) return undefined;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    return ignore(name, "it takes an http or https URL; tracing stays off where it is the only endpoint");
  }
  if (path === "") return text;
  return text.endsWith("/") ? text + path : `${text}/${path}`;
}

function readSampler(read: Read, ignore: Ignore): SamplerSettings {
  const name = read("OTEL_TRACES_SAMPLER")?.toLowerCase();
  const [, parent, root] = /^(parentbased_)?(always_on|always_off|traceidratio)$/.exec(name ?? "") ?? [];
  if (root === undefined) {
    const allowed = "it takes always_on, always_off or traceidratio, each also after parentbased_";
    if (name !== undefined) ignore("OTEL_TRACES_SAMPLER", allowed);
    return { parentBased: true, ratio: 1 };
  }
  const parentBased = parent !== undefined;
  if (root !== "traceidratio") return { parentBased, ratio: root === "always_on" ? 1 : 0 };
  const ratio = Number(read("OTEL_TRACES_SAMPLER_ARG") ?? "1");
  if (ratio >= 0 && ratio <= 1) return { parentBased, ratio };
  ignore("OTEL_TRACES_SAMPLER_ARG", "it takes a number from 0 to 1; 1 is used");
  return { parentBased, ratio: 1 };
}
