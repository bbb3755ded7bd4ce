import type { Socket } from "node:net";
import type { Service } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { goNetworkError } from "../http/go-network-error.ts";
import { choosePlace, readyEndpoints } from "./ready-endpoints.ts";

/** How long a server may take to accept a connection, when whoever waits for its answer would wait longer. */
const dialTimeoutMs = 30_000;

/** A port of a Service. */
export interface ServicePort {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/**
 * Connects to a Service as the API server itself does: to one of its ready pods. What goes wrong is told in Kubernetes' words,
 * which name the ClusterIP.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/util/proxy/proxy.go (ResolveEndpoint)
 */
export async function dialService(
  context: ApiContext,
  { name, namespace, port }: ServicePort,
): Promise<Socket> {
  const stored = context.store.get("/services", `${namespace}/${name}`);
  if (stored === undefined) throw new Error(`service ${JSON.stringify(name)} not found`);
  const { spec } = stored.object as Service;
  if (spec.clusterIP === "None") throw new Error(`cannot route to service with ClusterIP "None"`);
  const servicePort = (spec.ports ?? []).find((each) => each.port === port);
  if (servicePort === undefined)
    throw new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const place = choosePlace(context, readyEndpoints(context, namespace, name), servicePort.name ?? "");
  const refused = Object.assign(new Error("no endpoints"), { code: "ECONNREFUSED" });
  if (place === undefined) throw dialError(refused, spec.clusterIP ?? "", port);
  try {
    return await context.network.dial(place.ip, Number(place.port), dialTimeoutMs);
  } catch (error) {
    throw dialError(error, spec.clusterIP ?? place.ip, port);
  }
}

/** What Go says of a connection that cannot be opened. */
export function dialError(error: unknown, ip: string, port: number): Error {
  const place = ip.includes(":") ? `[${ip}]` : ip;
  return new Error(`dial tcp ${place}:${port}: ${goNetworkError(error)}`, { cause: error });
}
