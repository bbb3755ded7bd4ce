import type { Informer } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import { formatObjectName, type Service } from "@seaworthy/kube";
import { createForwarder, dialTimeoutMs, type Forwarder } from "./forwarder.ts";
import type { ServiceRouter } from "./service-router.ts";

/** The open node ports of the cluster. */
export interface NodePorts extends AsyncDisposable {
  /** `service` is `namespace/name`, `port` the Service's own. */
  list(): readonly { readonly service: string; readonly port: number; readonly nodePort: number }[];
}

/** Listens on 127.0.0.1 for every node port that a Service has, and passes connections to what the Service chooses. */
export function startNodePorts(options: {
  readonly services: Informer<Service>;
  readonly router: ServiceRouter;
  readonly onProblem: (error: SeaworthyError) => void;
}): NodePorts {
  const { services, router, onProblem } = options;
  const open = new Map<string, OpenPort>();

  function reconcile(service: Service, deleted: boolean): void {
    const wanted = deleted ? new Map<string, WantedPort>() : wantedPorts(service);
    const prefix = `${service.metadata.namespace ?? "default"}/${service.metadata.name}:`;
    for (const [key, port] of open) {
      if (!key.startsWith(prefix) || wanted.get(key)?.nodePort === port.nodePort) continue;
      open.delete(key);
      void closePort(port);
    }
    for (const [key, port] of wanted) {
      if (!open.has(key)) open.set(key, listen(service, port));
    }
  }

  function listen(service: Service, { nodePort, port }: WantedPort): OpenPort {
    const { namespace = "default", name } = service.metadata;
    const forwarder = createForwarder((client) =>
      router.dialService(namespace, name, port, dialTimeoutMs, client.remoteAddress),
    );
    const { server } = forwarder;
    const opened: OpenPort = { service: `${namespace}/${name}`, port, nodePort, forwarder, listening: false };
    server.on("error", (error: NodeJS.ErrnoException) => {
      onProblem(portProblem(service, nodePort, error));
    });
    server.listen(nodePort, "127.0.0.1", () => {
      opened.listening = true;
    });
    return opened;
  }

  const unsubscribe = services.onChange((change) => {
    reconcile(change.object, change.type === "deleted");
  });
  return {
    list: () =>
      [...open.values()]
        .filter((port) => port.listening)
        .map(({ service, port, nodePort }) => ({ service, port, nodePort })),
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await Promise.all([...open.values()].map((port) => closePort(port)));
      open.clear();
    },
  };
}

interface WantedPort {
  readonly port: number;
  readonly nodePort: number;
}

interface OpenPort {
  readonly service: string;
  readonly port: number;
  readonly nodePort: number;
  readonly forwarder: Forwarder;
  listening: boolean;
}

function wantedPorts(service: Service): Map<string, WantedPort> {
  const wanted = new Map<string, WantedPort>();
  if (service.spec.type !== "NodePort" && service.spec.type !== "LoadBalancer") return wanted;
  for (const { port, nodePort, protocol = "TCP" } of service.spec.ports ?? []) {
    if (nodePort === undefined || protocol !== "TCP") continue;
    const { namespace = "default", name } = service.metadata;
    wanted.set(`${namespace}/${name}:${port}`, { port, nodePort });
  }
  return wanted;
}

async function closePort(port: OpenPort): Promise<void> {
  port.listening = false;
  await port.forwarder[Symbol.asyncDispose]();
}

function portProblem(service: Service, nodePort: number, error: NodeJS.ErrnoException): SeaworthyError {
  const name = formatObjectName(service);
  const index = (service.spec.ports ?? []).findIndex((port) => port.nodePort === nodePort);
  return new SeaworthyError("SW2001", `node port ${nodePort} of ${name} cannot be opened on 127.0.0.1`, {
    object: name,
    field: `spec.ports[${Math.max(0, index)}].nodePort`,
    why: `The port is ${error.code === "EADDRINUSE" ? "in use by another process" : `refused by the system (${error.code ?? error.message})`}, so nothing can be reached through it. All else works on.`,
    next: [
      `end the process that holds the port: lsof -iTCP:${nodePort} -sTCP:LISTEN`,
      "or choose another nodePort, or leave it out so that the cluster chooses one",
    ],
    cause: error,
  });
}
