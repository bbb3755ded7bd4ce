import type { TLSSocket } from "node:tls";
import type { ApiContext } from "../api-context.ts";
import { secureConnection } from "../http/secure-connection.ts";
import { dialService } from "../services/dial-service.ts";
import { servicePortOf, type RemoteApiService } from "./api-service.ts";

/**
 * Connects to the server of an APIService, with the certificate of the front proxy. The server has to show one for the name of its
 * Service, unless that is not to be looked at.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/controllers/status/remote/remote_available_controller.go (BuildTransportConfig)
 */
export async function dialApiService(
  context: ApiContext,
  apiService: RemoteApiService,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { insecureSkipTLSVerify = false, caBundle, service } = apiService.spec;
  const socket = await dialService(context, servicePortOf(apiService));
  const peer = {
    ...context.frontProxy().client,
    host: `${service.name}.${service.namespace}.svc`,
    caBundle,
    rejectUnauthorized: !insecureSkipTLSVerify,
  };
  return await secureConnection(socket, peer, signal);
}
