import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createForwarder, dialTimeoutMs, type Forwarder } from "./forwarder.ts";
import type { ServiceRouter } from "./service-router.ts";

/** Ports on 127.0.0.1 that lead to Services, whatever their type. */
export interface ServiceForwards extends AsyncDisposable {
  /** The port that leads to a Service's port; the same one each time. */
  open(namespace: string, name: string, port: number | string): Promise<number>;
}

/**
 * Makes ways into the cluster for people: what `kubectl port-forward` is for, but through the Service, so that each
 * connection goes to a pod that is there. Bytes are passed on as they are.
 */
export function createServiceForwards(router: ServiceRouter): ServiceForwards {
  const open = new Map<string, Promise<Forwarder>>();

  async function listen(namespace: string, name: string, port: number | string): Promise<Forwarder> {
    const forwarder = createForwarder((client) =>
      router.dialService(namespace, name, port, dialTimeoutMs, client.remoteAddress),
    );
    forwarder.server.listen(0, "127.0.0.1");
    await once(forwarder.server, "listening");
    return forwarder;
  }

  return {
    async open(namespace, name, port) {
      const key = `${namespace}/${name}:${port}`;
      const forwarder = open.get(key) ?? listen(namespace, name, port);
      open.set(key, forwarder);
      return ((await forwarder).server.address() as AddressInfo).port;
    },
    async [Symbol.asyncDispose]() {
      for (const result of await Promise.allSettled(open.values()))
        if (result.status === "fulfilled") await result.value[Symbol.asyncDispose]();
    },
  };
}
