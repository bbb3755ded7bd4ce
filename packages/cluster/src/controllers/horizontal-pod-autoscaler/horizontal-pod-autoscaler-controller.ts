import {
  deepEqual,
  matchesLabelSelector,
  parseLabelSelector,
  parseQuantity,
  resourceTypes,
  timestamp,
  withCondition,
  type Condition,
  type KubeObject,
  type Pod,
} from "@seaworthy/kube";
import type { ResourceType } from "@seaworthy/client";
import type { EventRecorder } from "../../event-recorder.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import type { AutoscalerStatus, HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";
import { limitReplicas, remember, type ScalingMemory } from "./limit-replicas.ts";
import { proposeForMetric } from "./propose-for-metric.ts";

/**
 * Scales what HorizontalPodAutoscalers name, every 15 s.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/horizontal.go
 */
export async function startHorizontalPodAutoscalerController(
  context: ControllerContext,
): Promise<AsyncDisposable> {
  const { client, clock, informers } = context;
  const autoscalers = informers.of<HorizontalPodAutoscaler>(resourceTypes.horizontalpodautoscalers);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const memories = new Map<string, ScalingMemory>();
  /** The selectors of targets, by the autoscaler's key. */
  const selectors = new Map<string, string>();

  async function look(
    key: string,
    autoscaler: HorizontalPodAutoscaler,
    events: EventRecorder,
  ): Promise<void> {
    const { spec, metadata } = autoscaler;
    const { namespace = "" } = metadata;
    const nowMs = clock.now();
    let conditions = autoscaler.status?.conditions ?? [];
    const set = (type: string, status: string, reason: string, message: string) => {
      conditions = withCondition<Condition>(conditions, { type, status, reason, message }, nowMs);
    };
    const warn = (reason: string, message: string) => {
      events.event(autoscaler, "Warning", reason, message);
    };
    const write = async (change: Partial<AutoscalerStatus>) => {
      const status = { desiredReplicas: 0, ...autoscaler.status, ...change, conditions };
      if (deepEqual(status, autoscaler.status ?? {})) return;
      await client
        .update<HorizontalPodAutoscaler>(
          resourceTypes.horizontalpodautoscalers,
          { ...autoscaler, status },
          "status",
        )
        .catch((error: unknown) => {
          warn("FailedUpdateStatus", (error as Error).message);
        });
    };

    let type: ResourceType;
    let scale: Scale;
    try {
      type = targetType(context, autoscaler);
      scale = await client.get<Scale>(type, namespace, spec.scaleTargetRef.name, "scale");
    } catch (error) {
      const { message } = error as Error;
      warn("FailedGetScale", message);
      const why = `the HPA controller was unable to get the target's current scale: ${message}`;
      set("AbleToScale", "False", "FailedGetScale", why);
      await write({});
      return;
    }
    set(
      "AbleToScale",
      "True",
      "SucceededGetScale",
      "the HPA controller was able to get the target's current scale",
    );
    const current = scale.spec?.replicas ?? 0;
    const { minReplicas = 1, maxReplicas } = spec;
    let memory = memories.get(key) ?? { recommendations: [{ replicas: current, atMs: nowMs }], changes: [] };
    memories.set(key, memory);

    let desired = current;
    let why = "";
    let currentMetrics: readonly object[] | null = null;
    if (current === 0) {
      const message = "scaling is disabled since the replica count of the target is zero";
      set("ScalingActive", "False", "ScalingDisabled", message);
    } else if (current > maxReplicas) {
      desired = maxReplicas;
      why = "Current number of replicas above Spec.MaxReplicas";
    } else if (current < minReplicas) {
      desired = minReplicas;
      why = "Current number of replicas below Spec.MinReplicas";
    } else {
      const asked = await propose(key, autoscaler, scale, current, nowMs);
      currentMetrics = asked.statuses;
      if (asked.failure !== undefined) {
        const { event, condition, error } = asked.failure;
        if (event !== undefined) warn(event.reason, event.message);
        for (const each of asked.warnings) warn(each.reason, each.message);
        set("ScalingActive", "False", condition.reason, condition.message);
        await write({ currentReplicas: current, currentMetrics });
        warn("FailedComputeMetricsReplicas", error);
        return;
      }
      for (const each of asked.warnings) warn(each.reason, each.message);
      const found = `the HPA was able to successfully calculate a replica count from ${asked.metric}`;
      set("ScalingActive", "True", "ValidMetricFound", found);
      const limited = limitReplicas(spec, memory, { current, proposed: asked.replicas, nowMs });
      memory = { ...memory, recommendations: remember(memory.recommendations, asked.replicas, nowMs) };
      memories.set(key, memory);
      set("AbleToScale", "True", limited.stabilized.reason, limited.stabilized.message);
      set("ScalingLimited", limited.limited.status, limited.limited.reason, limited.limited.message);
      desired = limited.replicas;
      if (asked.replicas > current) why = `${asked.metric} above target`;
      if (asked.replicas < current) why = "All metrics below target";
    }
    if (desired === current) {
      await write({ currentReplicas: current, desiredReplicas: current, currentMetrics });
      return;
    }
    try {
      await client.update<Scale>(type, { ...scale, spec: { replicas: desired } }, "scale");
    } catch (error) {
      const { message } = error as Error;
      warn("FailedRescale", `New size: ${desired}; reason: ${why}; error: ${message}`);
      const failed = `the HPA controller was unable to update the target scale: ${message}`;
      set("AbleToScale", "False", "FailedUpdateScale", failed);
      await write({ currentReplicas: current, currentMetrics });
      return;
    }
    const done = `the HPA controller was able to update the target scale to ${desired}`;
    set("AbleToScale", "True", "SucceededRescale", done);
    events.event(autoscaler, "Normal", "SuccessfulRescale", `New size: ${desired}; reason: ${why}`);
    memories.set(key, { ...memory, changes: remember(memory.changes, desired - current, nowMs) });
    await write({
      currentReplicas: current,
      desiredReplicas: desired,
      currentMetrics,
      lastScaleTime: timestamp(nowMs),
    });
  }

  /** The highest of what the metrics ask for (computeReplicasForMetrics). */
  async function propose(
    key: string,
    { spec, metadata: { namespace = "" } }: HorizontalPodAutoscaler,
    scale: Scale,
    current: number,
    nowMs: number,
  ): Promise<Asked> {
    const selector = scale.status?.selector ?? "";
    if (selector === "") {
      const message = "selector is required";
      const condition = {
        reason: "InvalidSelector",
        message: "the HPA target's scale is missing a selector",
      };
      return refused({ event: { reason: "SelectorRequired", message }, condition, error: message });
    }
    selectors.set(key, selector);
    const matching = (text: string) => {
      const parsed = parseLabelSelector(text);
      return pods.list(namespace).filter(({ metadata }) => matchesLabelSelector(parsed, metadata.labels));
    };
    const own = matching(selector);
    const names = new Set(own.map(({ metadata }) => metadata.name));
    const rivals = [...selectors]
      .filter(([each]) => splitKey(each).namespace === namespace)
      .filter(([, text]) => matching(text).some(({ metadata }) => names.has(metadata.name)))
      .map(([each]) => each);
    if (rivals.length > 1) {
      const message = `pods by selector ${selector} are controlled by multiple HPAs: [${rivals.join(" ")}]`;
      const event = { reason: "AmbiguousSelector", message };
      return refused({ event, condition: event, error: message });
    }
    const tolerances = tolerancesOf(spec);
    const specs = spec.metrics ?? [];
    const situation = { current, pods: own, tolerances, nowMs };
    const proposals = await Promise.all(
      specs.map((each) => proposeForMetric(client, { namespace, selector }, situation, each)),
    );
    const valid = proposals.filter((each) => "replicas" in each);
    const invalid = proposals.filter((each) => "reason" in each);
    const highest = valid.reduce<(typeof valid)[number] | undefined>(
      (most, each) => (most === undefined || each.replicas > most.replicas ? each : most),
      undefined,
    );
    const warnings = invalid.map(({ reason, why }) => ({ reason, message: why }));
    const statuses = proposals.map((each) => ("status" in each ? each.status : { type: "" }));
    const [first] = invalid;
    // Where a metric is not known, the others may only ask for more.
    if (first !== undefined && (highest === undefined || highest.replicas < current)) {
      const message = `the HPA was unable to compute the replica count: ${first.why}`;
      const error = `invalid metrics (${invalid.length} invalid out of ${specs.length}), first error is: ${first.error}`;
      return { ...refused({ condition: { reason: first.reason, message }, error }), warnings, statuses };
    }
    return { replicas: highest?.replicas ?? 0, metric: highest?.metric ?? "", statuses, warnings };
  }

  return await startReconciler(context, {
    name: "horizontal-pod-autoscaler",
    watches: [
      watch(autoscalers, ({ object }) => [{ key: keyOf(object), afterMs: periodMs }]),
      watch(pods, () => []),
    ],
    workers: 5,
    async sync(key, { events, add }) {
      const { namespace, name } = splitKey(key);
      const autoscaler = autoscalers.get(namespace, name);
      if (autoscaler === undefined) {
        memories.delete(key);
        selectors.delete(key);
        return;
      }
      add({ key, afterMs: periodMs });
      await look(key, autoscaler, events);
    },
  });
}

const periodMs = 15_000;
const defaultTolerance = 0.1;

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

interface Told {
  readonly reason: string;
  readonly message: string;
}

interface Asked {
  readonly replicas: number;
  readonly metric: string;
  readonly statuses: readonly object[] | null;
  readonly warnings: readonly Told[];
  readonly failure?: { readonly event?: Told; readonly condition: Told; readonly error: string };
}

function refused(failure: NonNullable<Asked["failure"]>): Asked {
  return { replicas: 0, metric: "", statuses: null, warnings: [], failure };
}

function targetType({ kinds }: ControllerContext, { spec }: HorizontalPodAutoscaler): ResourceType {
  const { apiVersion = "v1", kind } = spec.scaleTargetRef;
  const type = kinds.find(apiVersion, kind);
  if (type !== undefined) return type;
  const [group = ""] = apiVersion.includes("/") ? apiVersion.split("/") : [];
  throw new Error(`no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`);
}

function tolerancesOf({ behavior }: HorizontalPodAutoscaler["spec"]) {
  const read = (text: string | undefined) =>
    text === undefined ? defaultTolerance : Number(parseQuantity(text)) / 1e9;
  return { scaleDown: read(behavior?.scaleDown.tolerance), scaleUp: read(behavior?.scaleUp.tolerance) };
}
