import { once } from "node:events";
import { Agent, request as httpRequest, type RequestListener } from "node:http";
import { selfSigned } from "@seaworthy/certificates";
import type { Service } from "@seaworthy/kube";
import { systemClock } from "../../clock.ts";
import { seededRandom } from "../../random.ts";
import { startEdgeProxy } from "../edge/edge-proxy.ts";
import type { EdgeRoute } from "../edge/edge-route.ts";
import type { UpstreamFailure } from "../edge/exchange.ts";
import { routesOfIngresses } from "../edge/ingress/routes-of-ingresses.ts";
import { createEdgeRouter } from "../edge/pods/edge-router.ts";
import type { ProxyBehavior } from "../edge/proxy-behavior.ts";
import { createRouteTable } from "../edge/route-table.ts";
import { createEndpointView } from "../endpoints/endpoint-view.ts";
import { createPodNetwork } from "../pods/create-pod-network.ts";
import { indexSlices } from "../endpoints/slices-by-service.ts";
import {
  fakeInformer,
  ingressOf,
  startFakePod,
  webService,
  webSlice,
  type FakePod,
} from "./test-data-plane.ts";

/** The certificate of the edge. */
export const fallback = selfSigned();

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Starts a proxy before fake pods of `default/web`, which the host shop.example leads to unless routes are given. */
export async function startEdge(
  behavior: ProxyBehavior,
  ips: readonly string[],
  handler: RequestListener,
  spec: Partial<Service["spec"]> = {},
  change: Partial<EdgeRoute> = {},
) {
  await using stack = new AsyncDisposableStack();
  const random = seededRandom(7);
  const podNetwork = createPodNetwork({ clock: systemClock, random });
  const pods: FakePod[] = [];
  for (const ip of ips) {
    const pod = stack.use(await startFakePod(ip, handler));
    podNetwork.attach(pod);
    pods.push(pod);
  }
  const slices = fakeInformer(webSlice(...ips));
  const view = createEndpointView({
    propagation: { kind: "instant" },
    workers: behavior.workers,
    clock: systemClock,
    random,
  });
  stack.use(indexSlices(slices)).feed(view);
  const ingress = ingressOf("web", [["shop.example", "/", "Prefix", "web"]]);
  const made = routesOfIngresses([ingress], behavior);
  const routes = createRouteTable({ ...made, routes: made.routes.map((route) => ({ ...route, ...change })) });
  const failures: UpstreamFailure[] = [];
  const proxy = stack.use(
    await startEdgeProxy({
      port: 0,
      tlsPort: 0,
      certificates: { fallback, contextFor: () => undefined },
      behavior,
      propagation: { kind: "batched", ratePerSecond: 4, burst: 1 },
      random,
      routes: () => routes,
      router: createEdgeRouter({ services: fakeInformer(webService(spec)), view, random }),
      podNetwork,
      clock: systemClock,
      onFailure: (failure) => failures.push(failure),
    }),
  );
  const agent = new Agent({ keepAlive: true });
  stack.defer(() => {
    agent.destroy();
  });
  let hung = Promise.withResolvers<void>();
  const resources = stack.move();
  return {
    port: proxy.port,
    tlsPort: proxy.tlsPort,
    restart: proxy.restart,
    pods,
    slices,
    failures,
    hung: 0,
    hang() {
      this.hung += 1;
      hung.resolve();
    },
    async whenHung() {
      await hung.promise;
      hung = Promise.withResolvers<void>();
    },
    attach: (ip: string, dial: FakePod["dial"]) => podNetwork.attach({ ip, dial }),
    detach: (ip: string) => {
      podNetwork.detach(ip);
    },
    setEndpoints: (...now: string[]) => {
      slices.put(webSlice(...now));
    },
    /** Lets what the system has delivered be read: a few turns of the loop. */
    async settled() {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    async send({ method = "GET", path = "/", host = "shop.example", headers = {}, body }: Sent) {
      const length =
        body === undefined || headers["Transfer-Encoding"] !== undefined
          ? {}
          : { "Content-Length": String(body.length) };
      const request = httpRequest({
        port: proxy.port,
        agent,
        method,
        path,
        headers: { Host: host, ...length, ...headers },
      });
      request.end(body);
      const [response] = await once(request, "response");
      let text = "";
      for await (const chunk of response) text += String(chunk);
      return { status: response.statusCode as number, headers: response.headers, body: text };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
