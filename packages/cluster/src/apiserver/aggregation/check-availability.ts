import type { Condition, Service } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { readyEndpoints, slicesOf, type ReadyEndpoint } from "../services/ready-endpoints.ts";
import { rootOf, servicePortOf, type RemoteApiService } from "./api-service.ts";
import { askApiService } from "./ask-api-service.ts";

/** Whether the server of an APIService can be asked, and why not. */
export type Availability = Omit<Condition, "lastTransitionTime">;

/** What is told of those groups that this server serves itself. */
export const localAvailability: Availability = {
  type: "Available",
  status: "True",
  reason: "Local",
  message: "Local APIServices are always available",
};

/** Of so many questions at once, which may go to different pods, one has to be answered. */
const attempts = 5;

/**
 * Finds out whether the server of an APIService can be asked: its Service has the port, there are pods, and one of them answers.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/controllers/status/remote/remote_available_controller.go (sync)
 */
export async function checkAvailability(
  context: ApiContext,
  apiService: RemoteApiService,
): Promise<Availability> {
  const { store } = context;
  const { namespace, name, port } = servicePortOf(apiService);
  const stored = store.get("/services", `${namespace}/${name}`);
  const where = `in ${JSON.stringify(namespace)}`;
  if (stored === undefined) return unavailable("ServiceNotFound", `service/${name} ${where} is not present`);
  const { spec } = stored.object as Service;
  if ((spec.type ?? "ClusterIP") === "ClusterIP") {
    const servicePort = (spec.ports ?? []).find((each) => each.port === port);
    if (servicePort === undefined)
      return unavailable("ServicePortError", `service/${name} ${where} is not listening on port ${port}`);
    if (slicesOf(context, namespace, name).length === 0)
      return unavailable("EndpointsNotFound", `cannot find endpointslices for service/${name} ${where}`);
    const portName = servicePort.name ?? "";
    const ready = readyEndpoints(context, namespace, name);
    if (!ready.some(({ ports }) => hasPort(ports, portName)))
      return unavailable(
        "MissingEndpoints",
        `endpointslices for service/${name} ${where} have no addresses with port name ${JSON.stringify(portName)}`,
      );
  }
  try {
    await Promise.any(Array.from({ length: attempts }, () => checkDiscovery(context, apiService, spec)));
  } catch (error) {
    const last = (error as AggregateError).errors.at(-1) as Error;
    return unavailable("FailedDiscoveryCheck", last.message);
  }
  return { type: "Available", status: "True", reason: "Passed", message: "all checks passed" };
}

function unavailable(reason: string, message: string): Availability {
  return { type: "Available", status: "False", reason, message };
}

function hasPort(ports: ReadyEndpoint["ports"], portName: string): boolean {
  return ports.some(({ name = "", port }) => name === portName && port !== undefined);
}

async function checkDiscovery(
  context: ApiContext,
  apiService: RemoteApiService,
  { clusterIP = "" }: Service["spec"],
): Promise<void> {
  const host = clusterIP.includes(":") ? `[${clusterIP}]` : clusterIP;
  const url = `https://${host}:${servicePortOf(apiService).port}${rootOf(apiService)}`;
  const failing = `failing or missing response from ${url}:`;
  const { status } = await askApiService(context, apiService, rootOf(apiService)).catch((error: Error) => {
    throw new Error(`${failing} Get ${JSON.stringify(url)}: ${error.message}`, { cause: error });
  });
  if (status < 200 || status >= 300) throw new Error(`${failing} bad status from ${url}: ${status}`);
}
