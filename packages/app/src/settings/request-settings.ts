import { SeaworthyError } from "@seaworthy/errors";
import { grpcCall, grpcCode, grpcMethodPattern, isToken, type Expectation } from "@seaworthy/load";
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import { mostRequests } from "../requests/found-mix.ts";
import { isOwnHeader } from "../requests/is-own-header.ts";
import type { MixRequest } from "../requests/mix-request.ts";
import {
  asMap,
  at,
  itemsOf,
  keysOf,
  placeOfNode,
  rejectUnknown,
  scalar,
  wrong,
  type Source,
} from "./settings-nodes.ts";

const known = ["method", "path", "headers", "body", "weight", "expect"];
const knownOfCalls = ["grpc", "message", "headers", "weight", "expect"];

/** Reads the list `requests` of `trial`: what users ask, with their shares. Throws SW1103, SW1105 or SW1110 with the place. */
export function readRequestSettings(
  trial: YAMLMap | undefined,
  source: Source,
): readonly MixRequest[] | undefined {
  const items = itemsOf(trial, "requests", source, {
    most: mostRequests,
    what: "requests",
    example: "requests: [{ path: /orders }, { method: POST, path: /orders, body: '{}' }]",
  });
  return items?.map((item, index) => readRequest(item, `trial.requests[${index}]`, source));
}

function readRequest(node: Node, field: string, source: Source): MixRequest {
  const map = asMap(node, source, field);
  if (map === undefined)
    throw wrong(node, source, field, "is empty", ["write at least its path: `- path: /orders`"]);
  if (map.has("grpc")) return readCall(map, field, source);
  rejectUnknown(map, known, source, `${field}.`);
  const method = (scalar(map, "method", "string", source) as string | undefined)?.toUpperCase() ?? "GET";
  // After a CONNECT the connection does not carry HTTP any more.
  if (!isToken(method) || method === "CONNECT")
    throw at(map, "method", source, field, "is not a method that can be sent", ["write GET, POST, PUT …"]);
  const path = pathOf(map, node, field, source);
  const { body, isJson } = bodyOf(map, source, field);
  const headers = headersOf(map, source, field);
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  const all = isJson && !hasType ? [...headers, ["content-type", "application/json"] as const] : headers;
  const status = statusOf(map, source, field);
  return {
    method,
    path,
    ...(all.length === 0 ? {} : { headers: all }),
    ...(body === undefined ? {} : { body }),
    weight: weightOf(map, source, field),
    ...(status === undefined ? {} : { status }),
    place: placeOfNode(node, source),
  };
}

/** The path of a request. Throws SW1110 without one. */
export function pathOf(map: YAMLMap, node: Node, field: string, source: Source): string {
  const path = scalar(map, "path", "string", source) as string | undefined;
  if (path === undefined)
    throw new SeaworthyError("SW1110", `${field} has no path`, {
      place: placeOfNode(node, source),
      field: `${field}.path`,
      next: ["write the path that users ask for: `path: /orders`"],
    });
  if (!/^\/[\x21-\x7e]*$/.test(path))
    throw at(map, "path", source, field, "must begin with / and be printable ASCII without spaces", [
      "write it as it goes over the wire: `path: /orders?page=2`, with %20 for a space",
    ]);
  return path;
}

function readCall(map: YAMLMap, field: string, source: Source): MixRequest {
  rejectUnknown(map, knownOfCalls, source, `${field}.`);
  const { path = "/", headers, body, ...call } = grpcCall(...readMethod(map, field, source));
  const status = codesOf(map, source, field);
  return {
    grpc: true,
    method: call.method,
    path,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    weight: weightOf(map, source, field),
    ...(status === undefined ? {} : { status }),
    place: placeOfNode(map, source),
  };
}

/** `grpc: package.Service/Method`, with a message in base64 and headers. */
export function readMethod(map: YAMLMap, field: string, source: Source): Parameters<typeof grpcCall> {
  const method = (scalar(map, "grpc", "string", source) as string | undefined) ?? "";
  if (!grpcMethodPattern.test(method))
    throw at(map, "grpc", source, field, "is not the name of a method", [
      "write service and method as the .proto file has them: `grpc: grpc.health.v1.Health/Check`",
    ]);
  const text = (scalar(map, "message", "string", source) as string | undefined) ?? "";
  const message = Buffer.from(text, "base64");
  if (message.toString("base64") !== text)
    throw at(map, "message", source, field, "is not base64", [
      "write the bytes of the message so: `message: CgdjYXJ0LTQy`",
    ]);
  return [method, message, headersOf(map, source, field)];
}

/** `NOT_FOUND`, `5`, or a list of these. */
function codesOf(map: YAMLMap, source: Source, field: string): Expectation["status"] | undefined {
  const node = map.get("expect", true) as Node | undefined;
  if (node === undefined) return undefined;
  const items = isSeq(node) ? node.items : [node];
  const codes = items.map((item) => (isScalar(item) ? grpcCode(String(item.value)) : undefined));
  if (codes.length > 0 && codes.every((code) => code !== undefined))
    return codes.map((code) => [code, code] as const);
  throw at(map, "expect", source, field, "must be codes of gRPC", [
    "write `expect: NOT_FOUND` or `expect: [OK, NOT_FOUND]`",
  ]);
}

/** The header fields of a request. */
export function headersOf(map: YAMLMap, source: Source, field: string): (readonly [string, string])[] {
  const headers = asMap(map.get("headers", true), source, `${field}.headers`);
  return keysOf(headers).map((name) => {
    const value = headers!.get(name);
    const text = typeof value === "number" ? String(value) : value;
    if (!isToken(name) || isOwnHeader(name))
      throw at(map, "headers", source, field, `cannot set ${name}`, [
        "remove it: it follows from the request",
      ]);
    if (typeof text !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(text))
      throw at(headers!, name, source, `${field}.headers`, "is not a text that HTTP can carry", [
        'write a text in quotes: `accept: "text/html"`',
      ]);
    return [name, text] as const;
  });
}

/** A text is sent as it is; a map or a list as JSON. */
function bodyOf(
  map: YAMLMap,
  source: Source,
  field: string,
): { readonly body?: string; readonly isJson: boolean } {
  const node = map.get("body", true) as Node | undefined;
  if (node === undefined) return { isJson: false };
  if (isMap(node) || isSeq(node)) return { body: JSON.stringify(node), isJson: true };
  if (isScalar(node) && typeof node.value === "string") return { body: node.value, isJson: false };
  throw at(map, "body", source, field, "must be a text, or a map or list that is sent as JSON", [
    "write `body: { sku: 7 }`, or a text in quotes",
  ]);
}

const mostWeight = 1_000;

function weightOf(map: YAMLMap, source: Source, field: string): number {
  const weight = (scalar(map, "weight", "number", source) as number | undefined) ?? 1;
  if (Number.isInteger(weight) && weight >= 1 && weight <= mostWeight) return weight;
  throw at(map, "weight", source, field, `must be a whole number from 1 to ${mostWeight}`, [
    "write how often it comes for each time that one of weight 1 comes",
  ]);
}

/** `404`, `200-299`, or a list of these. */
function statusOf(map: YAMLMap, source: Source, field: string): Expectation["status"] | undefined {
  const node = map.get("expect", true) as Node | undefined;
  if (node === undefined) return undefined;
  const items = isSeq(node) ? node.items : [node];
  const ranges = items.map((item) => {
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(isScalar(item) ? String(item.value) : "");
    const range = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])] as const;
    return range[0] >= 100 && range[0] <= range[1] && range[1] <= 599 ? range : undefined;
  });
  if (ranges.length > 0 && ranges.every((range) => range !== undefined)) return ranges;
  throw at(map, "expect", source, field, "must be statuses or ranges of them", [
    "write `expect: 201` or `expect: [200-299, 404]`",
  ]);
}
