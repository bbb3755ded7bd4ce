import type { KubeClient } from "@seaworthy/client";
import type { Clock } from "../clock.ts";
import { startDeploymentController } from "./deployment/deployment-controller.ts";
import { startEndpointSliceController } from "./endpoint-slice/endpoint-slice-controller.ts";
import { startGarbageCollector } from "./garbage-collector.ts";
import { startNamespaceController } from "./namespace-controller.ts";
import { startReplicaSetController } from "./replica-set/replica-set-controller.ts";
import { startRootCaPublisher } from "./root-ca-publisher.ts";
import { startScheduler } from "./scheduler/scheduler.ts";
import { startSharedInformers } from "./shared-informers.ts";

/** Starts the controllers and the scheduler. Resolves when their caches are filled; disposing stops them. */
export async function startControllers(options: {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly rootCa: string;
}): Promise<AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const informers = started.use(await startSharedInformers(options.client));
  const context = { ...options, informers };
  started.use(startGarbageCollector(context));
  started.use(startNamespaceController(context));
  started.use(startRootCaPublisher(context));
  started.use(startScheduler(context));
  started.use(startReplicaSetController(context));
  started.use(startDeploymentController(context));
  started.use(startEndpointSliceController(context));
  return started.move();
}
