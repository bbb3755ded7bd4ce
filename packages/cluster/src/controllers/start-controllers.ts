import type { KubeClient } from "@seaworthy/client";
import type { Kinds } from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import type { ClusterSigner } from "../cluster-signer.ts";
import type { Random } from "../random.ts";
import type { VolumeFolders } from "../volume-folders.ts";
import { startAuthenticationPublisher } from "./certificates/authentication-publisher.ts";
import { startCertificateCleaner } from "./certificates/certificate-cleaner.ts";
import { startCertificateSigningController } from "./certificates/certificate-signing-controller.ts";
import { startClusterRoleAggregationController } from "./cluster-role-aggregation/cluster-role-aggregation-controller.ts";
import { startCronJobController } from "./cron-job/cron-job-controller.ts";
import { startDaemonSetController } from "./daemon-set/daemon-set-controller.ts";
import { startDeploymentController } from "./deployment/deployment-controller.ts";
import { startDisruptionController } from "./disruption/disruption-controller.ts";
import { startStaleDisruptionController } from "./disruption/stale-disruption-controller.ts";
import { startEndpointSliceController } from "./endpoint-slice/endpoint-slice-controller.ts";
import { startEndpointSliceMirroringController } from "./endpoint-slice-mirroring/endpoint-slice-mirroring-controller.ts";
import { startGarbageCollector } from "./garbage-collector/garbage-collector.ts";
import { startHorizontalPodAutoscalerController } from "./horizontal-pod-autoscaler/horizontal-pod-autoscaler-controller.ts";
import { startJobController } from "./job/job-controller.ts";
import { startOrphanPodController } from "./job/orphan-pod-controller.ts";
import { startTtlAfterFinishedController } from "./job/ttl-after-finished-controller.ts";
import { startLoadBalancerController } from "./load-balancer/load-balancer-controller.ts";
import { startNamespaceController } from "./namespace/namespace-controller.ts";
import { startRootCaPublisher } from "./namespace/root-ca-publisher.ts";
import { startNodeLifecycleController } from "./node-lifecycle/node-lifecycle-controller.ts";
import { heartbeats, type Heartbeats } from "../heartbeats/heartbeats.ts";
import { startPodGcController } from "./pod-gc/pod-gc-controller.ts";
import { createInformers } from "./reconciler/informers.ts";
import { replicaSetType, replicationControllerType } from "./replica-set/replica-owner.ts";
import { startReplicaSetController } from "./replica-set/replica-set-controller.ts";
import { startResourceQuotaController } from "./resource-quota/resource-quota-controller.ts";
import { startScheduler } from "./scheduler/scheduler.ts";
import { startDefaultServiceAccountController } from "./service-account/default-service-account-controller.ts";
import { startStatefulSetController } from "./stateful-set/stateful-set-controller.ts";
import { startTokenSecretController } from "./service-account/token-secret-controller.ts";
import { startTaintEvictionController } from "./taint-eviction/taint-eviction-controller.ts";
import { startValidatingAdmissionPolicyStatusController } from "./validating-admission-policy-status/validating-admission-policy-status-controller.ts";
import { startEphemeralClaimController } from "./volumes/ephemeral-claim-controller.ts";
import { startProvisioner } from "./volumes/provisioner.ts";
import { startVolumeBinder } from "./volumes/volume-binder.ts";
import { startVolumeProtection } from "./volumes/volume-protection.ts";

/**
 * Starts the controllers and the scheduler, which call themselves as Kubernetes' own do. Resolves when their caches are filled;
 * disposing stops them.
 */
export async function startControllers({
  signer,
  connect,
  ...options
}: {
  /** Makes a client by its User-Agent. */
  readonly connect: (userAgent: string) => KubeClient;
  readonly clock: Clock;
  /** The machine's own, by which work that took long rests; absent in virtual time. */
  readonly restClock?: Clock;
  readonly signer: ClusterSigner;
  /** What the API server serves. */
  readonly kinds: Kinds;
  readonly random: Random;
  /** Where provisioned volumes lie. */
  readonly folders: VolumeFolders;
  /** After which silence nodes are missed. Default: as Kubernetes does. */
  readonly heartbeats?: Pick<Heartbeats, "graceMs" | "lookPeriodMs">;
}): Promise<AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const client = connect("kube-controller-manager");
  const informers = started.use(createInformers(client, options.clock));
  const context = { ...options, client, informers };
  const controllers = await Promise.all([
    startGarbageCollector(context),
    startNamespaceController(context),
    startRootCaPublisher(context, signer.authority.cert),
    startAuthenticationPublisher(context, signer),
    startDefaultServiceAccountController(context),
    startTokenSecretController(context, signer),
    startClusterRoleAggregationController(context),
    startValidatingAdmissionPolicyStatusController(context),
    startCertificateSigningController(context, signer.authority),
    startCertificateCleaner(context),
    startScheduler({ ...context, client: connect("kube-scheduler") }, options.random),
    startPodGcController(context),
    startNodeLifecycleController(context, options.heartbeats ?? heartbeats()),
    startTaintEvictionController(context),
    startReplicaSetController(context, replicaSetType),
    startReplicaSetController(context, replicationControllerType),
    startDeploymentController(context),
    startCronJobController(context),
    startJobController(context),
    startOrphanPodController(context),
    startTtlAfterFinishedController(context),
    startStatefulSetController(context),
    startDaemonSetController(context),
    startEndpointSliceController(context),
    startEndpointSliceMirroringController(context),
    startLoadBalancerController(context),
    startDisruptionController(context),
    startHorizontalPodAutoscalerController(context),
    startResourceQuotaController(context),
    startStaleDisruptionController(context),
    startVolumeBinder(context),
    startEphemeralClaimController(context),
    startVolumeProtection(context),
    startProvisioner(context, options.folders),
  ]);
  for (const controller of controllers) started.use(controller);
  return started.move();
}
