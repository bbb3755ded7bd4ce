import { grpcStream } from "@seaworthy/load";
import type { Node, YAMLMap } from "yaml";
import type { StreamWish } from "../requests/stream-wish.ts";
import { headersOf, pathOf, readMethod } from "./request-settings.ts";
import {
  asMap,
  at,
  itemsOf,
  placeOfNode,
  rejectUnknown,
  scalar,
  wrong,
  type Source,
} from "./settings-nodes.ts";

const known = ["kind", "path", "headers", "connections"];
const knownOfCalls = ["grpc", "message", "headers", "connections"];
const mostStreams = 20;
const mostConnections = 200;
const usualConnections = 8;

/** Reads the list `streams` of `trial`: what users hold open. Throws SW1103, SW1105 or SW1110 with the place. */
export function readStreamSettings(
  trial: YAMLMap | undefined,
  source: Source,
): readonly StreamWish[] | undefined {
  const items = itemsOf(trial, "streams", source, {
    most: mostStreams,
    what: "kinds of streams",
    example: "streams: [{ kind: sse, path: /events }, { kind: websocket, path: /ws, connections: 24 }]",
  });
  return items?.map((item, index) => readStream(item, `trial.streams[${index}]`, source));
}

function readStream(node: Node, field: string, source: Source): StreamWish {
  const map = asMap(node, source, field);
  if (map === undefined)
    throw wrong(node, source, field, "is empty", ["write `- { kind: sse, path: /events }`"]);
  const stream = map.has("grpc")
    ? readCallStream(map, field, source)
    : readHttp1Stream(map, node, field, source);
  return { ...stream, connections: connectionsOf(map, field, source), place: placeOfNode(node, source) };
}

function readCallStream(map: YAMLMap, field: string, source: Source): Omit<StreamWish, "connections"> {
  rejectUnknown(map, knownOfCalls, source, `${field}.`);
  return grpcStream(...readMethod(map, field, source));
}

function readHttp1Stream(
  map: YAMLMap,
  node: Node,
  field: string,
  source: Source,
): Omit<StreamWish, "connections"> {
  rejectUnknown(map, known, source, `${field}.`);
  const kind = scalar(map, "kind", "string", source);
  if (kind !== "sse" && kind !== "websocket")
    throw at(map, "kind", source, field, "must be sse or websocket", [
      "write `kind: sse` or `kind: websocket`, or for a stream of gRPC `grpc: package.Service/Method`",
    ]);
  const headers = headersOf(map, source, field);
  return { kind, path: pathOf(map, node, field, source), ...(headers.length === 0 ? {} : { headers }) };
}

function connectionsOf(map: YAMLMap, field: string, source: Source): number {
  const connections =
    (scalar(map, "connections", "number", source) as number | undefined) ?? usualConnections;
  if (!Number.isInteger(connections) || connections < 1 || connections > mostConnections)
    throw at(map, "connections", source, field, `must be a whole number from 1 to ${mostConnections}`, [
      "write how many are held open through each route",
    ]);
  return connections;
}
