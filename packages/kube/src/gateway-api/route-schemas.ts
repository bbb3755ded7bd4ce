import type { JSONSchemaProps } from "../custom-kinds/json-schema-props.ts";

/** Schemas that the kinds of the Gateway API share, and those of their routes; in our words, after apis/v1 of release 1.3. */
export const text: JSONSchemaProps = { type: "string", maxLength: 4096 };
export const hostname: JSONSchemaProps = {
  type: "string",
  minLength: 1,
  maxLength: 253,
  pattern: "^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
};
export const port: JSONSchemaProps = { type: "integer", format: "int32", minimum: 1, maximum: 65_535 };
const headerName: JSONSchemaProps = {
  type: "string",
  minLength: 1,
  maxLength: 256,
  pattern: "^[A-Za-z0-9!#$%&'*+\\-.^_`|~]+$",
};

export function oneOf(values: readonly string[], otherwise?: string): JSONSchemaProps {
  return { type: "string", enum: values, ...(otherwise === undefined ? {} : { default: otherwise }) };
}

export function listOf(
  items: JSONSchemaProps,
  maxItems: number,
  more: JSONSchemaProps = {},
): JSONSchemaProps {
  return { type: "array", items, maxItems, ...more };
}

export function fields(
  properties: Readonly<Record<string, JSONSchemaProps>>,
  required: readonly string[] = [],
): JSONSchemaProps {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

/** A reference whose group and kind have defaults. */
export function reference(
  group: string,
  kind: string,
  more: Record<string, JSONSchemaProps> = {},
): JSONSchemaProps {
  return fields(
    {
      group: { type: "string", maxLength: 253, default: group },
      kind: { type: "string", minLength: 1, maxLength: 63, default: kind },
      name: { type: "string", minLength: 1, maxLength: 253 },
      namespace: { type: "string", minLength: 1, maxLength: 63 },
      ...more,
    },
    ["name"],
  );
}

const named = listOf(fields({ name: headerName, value: text }, ["name", "value"]), 16, {
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
});
const headerModifier = fields({ set: named, add: named, remove: listOf(text, 16) });
const pathModifier = fields(
  {
    type: oneOf(["ReplaceFullPath", "ReplacePrefixMatch"]),
    replaceFullPath: text,
    replacePrefixMatch: text,
  },
  ["type"],
);
const extension = fields({ group: text, kind: text, name: text }, ["group", "kind", "name"]);
const backend = (more: Record<string, JSONSchemaProps>) => reference("", "Service", { port, ...more });
const mirror = fields(
  {
    backendRef: backend({}),
    percent: { type: "integer", format: "int32", minimum: 0, maximum: 100 },
    fraction: fields(
      {
        numerator: { type: "integer", format: "int32", minimum: 0 },
        denominator: { type: "integer", format: "int32", minimum: 1, default: 100 },
      },
      ["numerator"],
    ),
  },
  ["backendRef"],
);
const weight: JSONSchemaProps = { type: "integer", format: "int32", minimum: 0, maximum: 1e6, default: 1 };

const commonFilters = {
  requestHeaderModifier: headerModifier,
  responseHeaderModifier: headerModifier,
  requestMirror: mirror,
  extensionRef: extension,
};
const httpFilter = fields(
  {
    type: oneOf([
      "RequestHeaderModifier",
      "ResponseHeaderModifier",
      "RequestMirror",
      "RequestRedirect",
      "URLRewrite",
      "CORS",
      "ExtensionRef",
    ]),
    ...commonFilters,
    requestRedirect: fields({
      scheme: oneOf(["http", "https"]),
      hostname,
      path: pathModifier,
      port,
      statusCode: { type: "integer", enum: [301, 302, 303, 307, 308], default: 302 },
    }),
    urlRewrite: fields({ hostname, path: pathModifier }),
    cors: fields({
      allowOrigins: listOf(text, 64),
      allowMethods: listOf(text, 9),
      allowHeaders: listOf(text, 64),
      exposeHeaders: listOf(text, 64),
      allowCredentials: { type: "boolean" },
      maxAge: { type: "integer", format: "int32", minimum: 1, default: 5 },
    }),
  },
  ["type"],
);
const grpcFilter = fields(
  {
    type: oneOf(["RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "ExtensionRef"]),
    ...commonFilters,
  },
  ["type"],
);
const namedMatches = (name: JSONSchemaProps) =>
  listOf(
    fields({ type: oneOf(["Exact", "RegularExpression"], "Exact"), name, value: text }, ["name", "value"]),
    16,
    {
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
  );
const rootPath = { type: "PathPrefix", value: "/" };
const duration: JSONSchemaProps = { type: "string", pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" };

/** The spec of an HTTPRoute. */
export const httpRouteSpec = routeSpec(
  {
    matches: listOf(
      fields({
        path: {
          ...fields({
            type: oneOf(["Exact", "PathPrefix", "RegularExpression"], "PathPrefix"),
            value: { type: "string", maxLength: 1024, default: "/" },
          }),
          default: rootPath,
        },
        headers: namedMatches(headerName),
        queryParams: namedMatches(headerName),
        method: oneOf(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]),
      }),
      64,
      { default: [{ path: rootPath }] },
    ),
    filters: listOf(httpFilter, 16),
    backendRefs: listOf(backend({ weight, filters: listOf(httpFilter, 16) }), 16),
    timeouts: fields({ request: duration, backendRequest: duration }),
  },
  { default: [{ matches: [{ path: rootPath }] }] },
);

/** The spec of a GRPCRoute. */
export const grpcRouteSpec = routeSpec({
  matches: listOf(
    fields({
      method: fields({
        type: oneOf(["Exact", "RegularExpression"], "Exact"),
        service: text,
        method: text,
      }),
      headers: namedMatches(headerName),
    }),
    64,
  ),
  filters: listOf(grpcFilter, 16),
  backendRefs: listOf(backend({ weight, filters: listOf(grpcFilter, 16) }), 16),
});

function routeSpec(rule: Record<string, JSONSchemaProps>, more: JSONSchemaProps = {}): JSONSchemaProps {
  const parent = reference("gateway.networking.k8s.io", "Gateway", { sectionName: text, port });
  // What implementations know beyond the standard is kept.
  const open = { "x-kubernetes-preserve-unknown-fields": true };
  return fields({
    parentRefs: listOf(parent, 32),
    hostnames: listOf(hostname, 16),
    rules: listOf({ ...fields({ name: text, ...rule }), ...open }, 16, more),
  });
}
