import { randomUUID } from "node:crypto";

/** The sender of telemetry, as attributes of https://opentelemetry.io/docs/specs/semconv/resource/service/. */
export interface ServiceIdentity {
  readonly name: string;
  readonly version?: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The attributes of this process. `OTEL_SERVICE_NAME` overrides `OTEL_RESOURCE_ATTRIBUTES`, which override
 * the given identity. The instance is the pod where the downward API tells it as `POD_UID` or `POD_NAME`, and otherwise
 * a new random id. `OTEL_RESOURCE_ATTRIBUTES` is ignored as a whole when a part of it is not `key=value`, as
 * https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable
 * asks.
 */
export function serviceResource(
  { name, version }: ServiceIdentity,
  env: Env,
  uuid: () => string = randomUUID,
): Record<string, string> {
  return {
    "service.name": name,
    ...(version === undefined ? {} : { "service.version": version }),
    "service.instance.id": env["POD_UID"] || env["POD_NAME"] || uuid(),
    ...readResourceAttributes(env["OTEL_RESOURCE_ATTRIBUTES"] ?? ""),
    ...(env["OTEL_SERVICE_NAME"] ? { "service.name": env["OTEL_SERVICE_NAME"] } : {}),
  };
}

function readResourceAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const pair of text.split(",")) {
    if (pair.trim() === "") continue;
    const [key, value, ...more] = pair.split("=").map((part) => decode(part.trim()));
    if (!key || value === undefined || more.length > 0) return {};
    attributes[key] = value;
  }
  return attributes;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
