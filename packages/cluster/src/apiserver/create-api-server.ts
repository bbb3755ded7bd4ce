import type { Transport } from "@seaworthy/client";
import { createKinds, type Kinds } from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import { followDefinitions } from "./custom-resource-definitions/follow-definitions.ts";
import type { ClusterSigner } from "../cluster-signer.ts";
import { followApiServices } from "./aggregation/follow-api-services.ts";
import { registerOwnVersions } from "./aggregation/register-own-versions.ts";
import { createRemoteVersions } from "./aggregation/remote-versions.ts";
import { createFrontProxy, type FrontProxy } from "./authentication/front-proxy.ts";
import { createAuthentication } from "./authentication/authenticate.ts";
import { createCredentials, type Credentials } from "./authentication/credentials.ts";
import { createServiceAccountTokens } from "./authentication/service-account-tokens.ts";
import { createTokenVerifier } from "./authentication/verify-token.ts";
import { createAuthorizer } from "./authorization/authorizer.ts";
import { writeBootstrapPolicy } from "./authorization/bootstrap-policy.ts";
import { groupResources } from "./discovery/api-groups.ts";
import { createDiscovery } from "./discovery/create-discovery.ts";
import { createResources } from "./create-resources.ts";
import { handleRequest } from "./handle-request.ts";
import { findRoute } from "./route.ts";
import { serveApi, type ListeningApi, type Served } from "./http/serve-api.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodNetwork } from "../pod-network.ts";
import { createUsageMeter } from "./metrics/usage-meter.ts";
import { createExpiry } from "./store/expiry.ts";
import { Store } from "./store/store.ts";

/** What an API server is made of. */
export interface ApiServerOptions {
  /** What it serves; Kubernetes' own kinds when absent. */
  readonly kinds?: Kinds;
  readonly clock: Clock;
  /** Time as processes have it, by which their use is measured and webhooks are waited for. Default: the same. */
  readonly processClock?: Clock;
  readonly random: Random;
  /** The agents of its nodes; none when absent. */
  readonly kubelet?: Kubelet;
  /** How pods are reached by their address; none can be when absent. */
  readonly network?: Pick<PodNetwork, "dial">;
  /** Where objects are kept; a new one in memory when absent. */
  readonly store?: Store;
  /** How the server and its administrator know each other over HTTPS; new ones when absent. */
  readonly credentials?: Credentials;
}

/** The Kubernetes API over a store. */
export interface ApiServer {
  /** Straight into the request handler: for clients in this process. */
  readonly transport: Transport;
  /** The keys of the cluster, for those controllers that sign. */
  readonly signer: ClusterSigner;
  /** Serves the same handler over HTTPS on 127.0.0.1. */
  start(options: { readonly port?: number }): Promise<ListeningApi>;
}

/** Makes an API server. It holds no resources until it is started. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { kinds = createKinds(), clock, random, store = new Store() } = options;
  const { kubelet = noNodes, network = unreachable, processClock = clock } = options;
  const resources = createResources(kinds);
  const remotes = createRemoteVersions();
  const discovery = createDiscovery(kinds, resources, remotes);
  const authorizer = createAuthorizer(store);
  // Making keys takes longer than all the rest, and programs of this process may need none.
  let made = options.credentials;
  const credentials = () => (made ??= createCredentials(clock.now()));
  let shown: FrontProxy | undefined;
  const frontProxy = () => (shown ??= createFrontProxy(clock.now()));
  const tokens = createServiceAccountTokens(store, clock, () => credentials().tokenKey);
  const verifyToken = createTokenVerifier(() => made, tokens);
  const context = {
    resources,
    store,
    expiry: createExpiry(),
    clock,
    processClock,
    random,
    kubelet,
    network,
    usage: createUsageMeter(kubelet, processClock),
    discovery,
    authorizer,
    tokens,
    verifyToken,
    frontProxy,
  };
  followDefinitions(context, kinds);
  return {
    transport: (request) => handleRequest(context, request),
    signer: {
      get authority() {
        return credentials().authority;
      },
      get frontProxyAuthority() {
        return frontProxy().authority;
      },
      issueForSecret: (serviceAccount, secret) => tokens.issueForSecret(serviceAccount, secret),
    },
    async start({ port = 0 }) {
      await using started = new AsyncDisposableStack();
      writeBootstrapPolicy(context);
      const ownGroups = () => groupResources(resources.list());
      started.use(registerOwnVersions(context, ownGroups, (listener) => kinds.onChange(listener)));
      started.use(followApiServices(context, remotes));
      const authenticate = createAuthentication(verifyToken, () => clock.now());
      const handle: Served["handle"] = (request, readBody) => handleRequest(context, request, readBody);
      const isCustom = (path: string) => findRoute(path, resources)?.resource.type.isCustom === true;
      const served = { handle, isCustom, authenticate, authorizer, credentials: credentials() };
      const listening = started.use(await serveApi(served, port));
      const parts = started.move();
      return { ...listening, [Symbol.asyncDispose]: () => parts.disposeAsync() };
    },
  };
}

const noNodes: Kubelet = {
  async *readLog() {},
  findPod: () => undefined,
  readUsage: () => [],
};

const unreachable: Pick<PodNetwork, "dial"> = {
  dial: (ip, port) =>
    Promise.reject(Object.assign(new Error(`connect EHOSTUNREACH ${ip}:${port}`), { code: "EHOSTUNREACH" })),
};
