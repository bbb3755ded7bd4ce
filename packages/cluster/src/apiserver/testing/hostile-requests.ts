import type { ApiRequest } from "@seaworthy/client";
import { loadProtobuf, type JsonObject } from "@seaworthy/kube";
import type { Random } from "../../random.ts";
import { protobufMediaType } from "../http/accept.ts";

const codec = await loadProtobuf();

/** What nobody may be told who asks of another namespace, or without credentials. */
export const secretMark = "only-the-owner-knows";

/** A request as a hostile or broken client may send it. It never names the namespace `vault`, but tries to get there. */
export function hostileRequest(random: Random): ApiRequest {
  const draw = draws(random);
  const method = draw.one(["GET", "GET", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE"] as const);
  const kind = draw.one(kinds);
  const path = hostilePath(draw, kind, method);
  const query = new URLSearchParams(draw.chance(0.5) ? hostileQuery(draw) : "");
  const patchType = draw.one(patchTypes);
  const contentType = method === "PATCH" ? patchType : "application/json";
  const headers: Record<string, string> = {
    "content-type": draw.chance(0.1) ? draw.one(strangeTypes) : contentType,
    accept: draw.one(accepts),
  };
  if (method === "GET") return { method, path, query, headers };
  const valid = method === "PATCH" ? patchBody(draw, patchType, kind) : objectBody(draw, kind);
  if (method !== "PATCH" && draw.chance(0.15)) {
    headers["content-type"] = protobufMediaType;
    return { method, path, query, headers, body: protobufBody(draw, valid) };
  }
  return {
    method,
    path,
    query,
    headers,
    body: draw.chance(0.6) ? spoil(draw, valid) : JSON.stringify(valid),
  };
}

/** Bytes as they may come over a connection that has been encrypted; some of it is HTTP. */
export function hostileBytes(random: Random, host: string): Buffer {
  const draw = draws(random);
  if (draw.chance(0.15)) return draw.bytes(1 + draw.below(3000));
  const { method, path, headers, body = "" } = hostileRequest(random);
  const content = Buffer.from(body);
  const line = draw.chance(0.8)
    ? `${draw.chance(0.1) ? draw.one(["TRACE", "CONNECT", "OPTIONS", "PRI", "get", "G\0T"]) : method} ${draw.chance(0.1) ? draw.one(targets) : path} HTTP/${draw.one(["1.1", "1.1", "1.1", "1.0", "2.0", "9"])}`
    : draw.one(["GET", "GET  / HTTP/1.1", "PRI * HTTP/2.0", "", " ", `GET ${"/a".repeat(20_000)} HTTP/1.1`]);
  const lines = [line];
  if (draw.chance(0.9)) lines.push(`host: ${draw.chance(0.1) ? "evil.example" : host}`);
  if (draw.chance(0.1)) lines.push(`origin: https://evil.example`);
  if (draw.chance(0.1)) lines.push(`sec-fetch-site: cross-site`);
  if (draw.chance(0.4)) lines.push(`authorization: ${draw.one(tokens)}`);
  lines.push(`content-type: ${headers["content-type"]}`, `accept: ${headers["accept"]}`);
  if (draw.chance(0.05)) lines.push("upgrade: websocket", "connection: upgrade");
  if (draw.chance(0.05)) lines.push("expect: 100-continue");
  if (draw.chance(0.05)) lines.push(`x: ${"y".repeat(draw.below(40_000))}`);
  if (draw.chance(0.05)) lines.push(`x${draw.one(["\n", "\r", "\0", ":", " "])}y: z`);
  lines.push(
    draw.one([
      `content-length: ${content.length}`,
      `content-length: ${content.length}`,
      "content-length: -1",
      "content-length: 99999999",
      "transfer-encoding: chunked",
      "transfer-encoding: gzip, chunked",
      "",
    ]),
  );
  return Buffer.concat([Buffer.from(`${lines.filter((each) => each !== "").join("\r\n")}\r\n\r\n`), content]);
}

interface Draw {
  below(limit: number): number;
  chance(probability: number): boolean;
  one<T>(values: readonly T[]): T;
  bytes(count: number): Buffer;
}

function draws(random: Random): Draw {
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    below,
    chance: (probability) => random() < probability,
    one: (values) => values[below(values.length)]!,
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
}

interface Target {
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

const template = {
  metadata: { labels: { app: "a" } },
  spec: {
    containers: [
      { name: "c", image: "c:1", env: [{ name: "A", value: "b" }], ports: [{ containerPort: 80 }] },
    ],
  },
};
const selector = { matchLabels: { app: "a" } };

const kinds: readonly Target[] = [
  { path: "/api/v1|pods", apiVersion: "v1", kind: "Pod", spec: { spec: template.spec } },
  {
    path: "/api/v1|secrets",
    apiVersion: "v1",
    kind: "Secret",
    spec: { data: { a: "YQ==" }, type: "Opaque" },
  },
  { path: "/api/v1|configmaps", apiVersion: "v1", kind: "ConfigMap", spec: { data: { a: "b" } } },
  {
    path: "/api/v1|services",
    apiVersion: "v1",
    kind: "Service",
    spec: { spec: { selector: { app: "a" }, ports: [{ port: 80 }] } },
  },
  {
    path: "/apis/apps/v1|deployments",
    apiVersion: "apps/v1",
    kind: "Deployment",
    spec: { spec: { replicas: 1, selector, template } },
  },
  {
    path: "/apis/coordination.k8s.io/v1|leases",
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    spec: { spec: { holderIdentity: "a" } },
  },
  {
    path: "/apis/networking.k8s.io/v1|ingresses",
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    spec: {
      spec: {
        rules: [
          {
            host: "a.example",
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: "a", port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
    },
  },
];

const names = ["a", "b", "c", "d"];
const subresources = ["status", "scale", "log", "binding", "eviction", "finalize", "exec", "x", ""];
const tricks = [
  "..",
  "%2e%2e",
  "%2E%2e%2fvault",
  "..%2fvault%2fsecrets%2fkey",
  "%00",
  "%zz",
  "%",
  "a%2fb",
  "a/b",
  "",
  "//",
  ".",
  "vault%2fkey",
  "default/../vault",
  "\u202Eabc",
  "%F0%9F%92%A9",
  "%ff",
  "__proto__",
  "constructor",
  "a;b",
  "a?b",
  "a#b",
  "x".repeat(5000),
  "-",
  "A",
  "*",
];
const targets = [
  "*",
  "http://evil.example/api/v1/secrets",
  "//evil.example/api",
  "/api/v1/namespaces/vault/secrets\u0007",
  "?",
  "#",
  "\\",
  "/%",
];
const tokens = [
  "Bearer x",
  "bearer",
  "Basic YTpi",
  `Bearer ${"a".repeat(5000)}`,
  "Bearer \u00e4",
  "Negotiate",
  "Bearer eyJhbGciOiJub25lIn0.e30.",
];
const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];
const strangeTypes = [
  "",
  "text/plain",
  "application/x-www-form-urlencoded",
  "application/json; charset=utf-16",
  "application/vnd.kubernetes.protobuf",
  "multipart/form-data",
  "application/yaml",
  "x/y;",
  "application/apply-patch+yaml",
];
const accepts = [
  "application/json",
  "*/*",
  "",
  "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
  "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
  "application/json;as=Nothing;v=v9;g=x,application/json",
  ";;;,,,==",
  "text/html",
  "application/vnd.kubernetes.protobuf",
  "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json;q=x",
  "application/yaml",
];

function hostilePath(draw: Draw, { path }: Target, method: string): string {
  const [root = "", plural = ""] = path.split("|");
  const parts = [root.slice(1), "namespaces", "default", plural];
  if (method !== "POST" || draw.chance(0.1)) parts.push(draw.one(names));
  if (method === "GET" && draw.chance(0.3)) parts.pop();
  if (draw.chance(0.15)) parts.push(draw.one(subresources));
  while (draw.chance(0.15)) parts.splice(draw.below(parts.length + 1), draw.below(2), draw.one(tricks));
  return `/${parts.join("/")}`;
}

const parameters = [
  "watch",
  "limit",
  "continue",
  "resourceVersion",
  "resourceVersionMatch",
  "labelSelector",
  "fieldSelector",
  "timeoutSeconds",
  "sendInitialEvents",
  "allowWatchBookmarks",
  "dryRun",
  "fieldManager",
  "fieldValidation",
  "force",
  "gracePeriodSeconds",
  "propagationPolicy",
  "includeObject",
  "pretty",
  "__proto__",
  "x",
];
const values = [
  "",
  "true",
  "false",
  "0",
  "1",
  "-1",
  "99999999999999999999",
  "1e9",
  "NaN",
  "x",
  "All",
  "Strict",
  "Ignore",
  "Exact",
  "NotOlderThan",
  "a=b",
  "a in (",
  "!a",
  "a=b,c!=d",
  "metadata.name=a",
  "metadata.namespace=vault",
  "status.phase=",
  "spec.nodeName=\\",
  "Orphan",
  "Foreground",
  "Object",
  "e30",
  "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiLi4vdmF1bHQva2V5In0",
  "\0",
  "\u{1F4A9}",
  "(".repeat(2000),
  "a=".repeat(3000),
];

function hostileQuery(draw: Draw): [string, string][] {
  return Array.from({ length: 1 + draw.below(4) }, () => [draw.one(parameters), draw.one(values)]);
}

function objectBody(draw: Draw, { apiVersion, kind, spec }: Target): unknown {
  const name = draw.one(names);
  return {
    apiVersion,
    kind,
    metadata: { name, labels: { app: "a" }, annotations: { a: "b" } },
    ...structuredClone(spec),
  };
}

function patchBody(draw: Draw, type: string, target: Target): unknown {
  if (type !== patchTypes[0]) return objectBody(draw, target);
  const pointers = [
    "",
    "/",
    "/metadata",
    "/metadata/labels/app",
    "/spec/template/spec/containers/0",
    "/spec/containers/-",
    "/a~2",
    "/__proto__/x",
    "/metadata/name",
    "/spec/containers/99999999999",
    "no",
  ];
  return Array.from({ length: 1 + draw.below(5) }, () => ({
    op: draw.one(["add", "remove", "replace", "move", "copy", "test", "x"]),
    path: draw.one(pointers),
    from: draw.one(pointers),
    value: draw.one<unknown>([1, "a", null, [], {}, { a: { b: 1 } }, true]),
  }));
}

/** The same as protobuf, which may be cut off or have other bytes in it. */
function protobufBody(draw: Draw, value: unknown): Uint8Array {
  const object = draw.chance(0.3) ? confuse(draw, value) : value;
  const bytes = codec.encode({ ...(object as JsonObject) }) ?? draw.bytes(draw.below(200));
  if (draw.chance(0.2)) return bytes.subarray(0, draw.below(bytes.length));
  for (let flips = draw.below(6); flips > 0; flips -= 1) bytes[draw.below(bytes.length)] = draw.below(256);
  return bytes;
}

/** A body that is not quite what it was. */
function spoil(draw: Draw, value: unknown): string | Uint8Array {
  const text = JSON.stringify(value);
  switch (draw.below(10)) {
    case 0:
      return text.slice(0, draw.below(text.length));
    case 1:
      return draw.bytes(draw.below(2000));
    case 2: {
      const depth = draw.one([50, 2000, 9_000, 10_001, 30_000]);
      const [open, close] = draw.one([
        ["[", "]"],
        ['{"a":', "}"],
      ] as const);
      return text.replace("{", `{"deep":${open.repeat(depth)}1${close.repeat(depth)},`);
    }
    case 3:
      return text.replace("{", `{"finalizers":[${"1,".repeat(draw.one([10, 20_000]))}1],`);
    case 4:
      return Buffer.from(text, draw.one(["utf16le", "latin1", "base64"] as const));
    case 5:
      return text.replace("{", '{"__proto__":{"a":1},"constructor":{"prototype":1},');
    case 6: {
      const bytes = Buffer.from(text);
      for (let flips = draw.below(8); flips >= 0; flips -= 1)
        bytes[draw.below(bytes.length)] = draw.below(256);
      return bytes;
    }
    default:
      return JSON.stringify(confuse(draw, value));
  }
}

const strangers: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  "",
  "\0",
  "x".repeat(300),
  [],
  {},
  [[]],
  [null],
  { a: null },
  "9".repeat(30),
  "\u{1F4A9}",
  { $patch: "delete" },
  { "$setElementOrder/containers": [1] },
  { $retainKeys: 1 },
];

/** One value somewhere in it becomes another. */
function confuse(draw: Draw, value: unknown): unknown {
  if (typeof value !== "object" || value === null || draw.chance(0.15)) return draw.one(strangers);
  if (Array.isArray(value)) {
    const at = draw.below(value.length);
    return value.map((item: unknown, index) => (index === at ? confuse(draw, item) : item));
  }
  const entries = Object.entries(value);
  const at = draw.below(entries.length);
  const changed = entries.map(([key, item], index) => [key, index === at ? confuse(draw, item) : item]);
  if (draw.chance(0.1))
    changed.push([draw.one(["$patch", "unknown", "status", "a".repeat(1000)]), draw.one(strangers)]);
  return Object.fromEntries(changed) as unknown;
}
