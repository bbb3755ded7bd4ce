import {
  matchesLabelSelector,
  parseLabelSelector,
  resourceTypes,
  timestamp,
  type Pod,
} from "@seaworthy/kube";
import type { EventRecorder } from "../../event-recorder.ts";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { askMetrics, type Asked } from "./ask-metrics.ts";
import { beginReport, type AutoscalerReport } from "./autoscaler-report.ts";
import type { HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";
import { limitReplicas, remember, type ScalingMemory } from "./limit-replicas.ts";
import { readScale, setReplicas, type TargetScale } from "./scale-of-target.ts";

const periodMs = 15_000;

/**
 * Scales what HorizontalPodAutoscalers name, every 15 s.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/horizontal.go
 */
export async function startHorizontalPodAutoscalerController(
  context: ControllerContext,
): Promise<AsyncDisposable> {
  const { client, clock, informers, kinds } = context;
  const autoscalers = informers.of<HorizontalPodAutoscaler>(resourceTypes.horizontalpodautoscalers);
  const pods = informers.of<Pod>(resourceTypes.pods);
  const memories = new Map<string, ScalingMemory>();
  /** The selectors of targets, by the autoscaler's key. */
  const selectors = new Map<string, string>();

  /** One look at an autoscaler (reconcileAutoscaler). */
  async function look(
    key: string,
    autoscaler: HorizontalPodAutoscaler,
    events: EventRecorder,
  ): Promise<void> {
    const nowMs = clock.now();
    const report = beginReport(client, events, autoscaler, nowMs);
    const target = await readScale(client, kinds, autoscaler).catch(async (error: unknown) => {
      const { message } = error as Error;
      report.warn("FailedGetScale", message);
      const why = `the HPA controller was unable to get the target's current scale: ${message}`;
      report.set("AbleToScale", "False", "FailedGetScale", why);
      await report.write({});
    });
    if (target === undefined) return;
    const { current } = target;
    const got = "the HPA controller was able to get the target's current scale";
    report.set("AbleToScale", "True", "SucceededGetScale", got);
    if (!memories.has(key))
      memories.set(key, { recommendations: [{ replicas: current, atMs: nowMs }], changes: [] });
    const decision = await decide(key, autoscaler, target, report, nowMs);
    if (decision === undefined) return;
    const { desired, why, currentMetrics } = decision;
    if (desired === current)
      return await report.write({ currentReplicas: current, desiredReplicas: current, currentMetrics });
    try {
      await setReplicas(client, target, desired);
    } catch (error) {
      const { message } = error as Error;
      report.warn("FailedRescale", `New size: ${desired}; reason: ${why}; error: ${message}`);
      const failed = `the HPA controller was unable to update the target scale: ${message}`;
      report.set("AbleToScale", "False", "FailedUpdateScale", failed);
      return await report.write({ currentReplicas: current, currentMetrics });
    }
    const done = `the HPA controller was able to update the target scale to ${desired}`;
    report.set("AbleToScale", "True", "SucceededRescale", done);
    report.tell("SuccessfulRescale", `New size: ${desired}; reason: ${why}`);
    rememberChange(key, autoscaler, desired - current, nowMs);
    const lastScaleTime = timestamp(nowMs);
    await report.write({ currentReplicas: current, desiredReplicas: desired, currentMetrics, lastScaleTime });
  }

  /** How many replicas there should be, and why. Undefined where that is not known, which the status tells then. */
  async function decide(
    key: string,
    autoscaler: HorizontalPodAutoscaler,
    target: TargetScale,
    report: AutoscalerReport,
    nowMs: number,
  ): Promise<Decision | undefined> {
    const { current } = target;
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    if (current === 0) {
      const message = "scaling is disabled since the replica count of the target is zero";
      report.set("ScalingActive", "False", "ScalingDisabled", message);
      return { desired: current, why: "", currentMetrics: null };
    }
    if (current > maxReplicas)
      return {
        desired: maxReplicas,
        why: "Current number of replicas above Spec.MaxReplicas",
        currentMetrics: null,
      };
    if (current < minReplicas)
      return {
        desired: minReplicas,
        why: "Current number of replicas below Spec.MinReplicas",
        currentMetrics: null,
      };
    const asked = await ask(key, autoscaler, target, nowMs);
    if (asked.failure?.event !== undefined)
      report.warn(asked.failure.event.reason, asked.failure.event.message);
    for (const { reason, message } of asked.warnings) report.warn(reason, message);
    if (asked.failure !== undefined) {
      const { condition, error } = asked.failure;
      report.set("ScalingActive", "False", condition.reason, condition.message);
      await report.write({ currentReplicas: current, currentMetrics: asked.statuses });
      report.warn("FailedComputeMetricsReplicas", error);
      return undefined;
    }
    return limit(key, autoscaler, current, asked, report, nowMs);
  }

  function limit(
    key: string,
    { spec }: HorizontalPodAutoscaler,
    current: number,
    { replicas, metric, statuses }: Asked,
    report: AutoscalerReport,
    nowMs: number,
  ): Decision {
    const found = `the HPA was able to successfully calculate a replica count from ${metric}`;
    report.set("ScalingActive", "True", "ValidMetricFound", found);
    const memory = memories.get(key) ?? { recommendations: [], changes: [] };
    const limited = limitReplicas(spec, memory, { current, proposed: replicas, nowMs });
    memories.set(key, {
      ...memory,
      recommendations: remember(memory.recommendations, replicas, nowMs),
    });
    report.set("AbleToScale", "True", limited.stabilized.reason, limited.stabilized.message);
    report.set("ScalingLimited", limited.limited.status, limited.limited.reason, limited.limited.message);
    const why =
      replicas > current ? `${metric} above target` : replicas < current ? "All metrics below target" : "";
    return { desired: limited.replicas, why, currentMetrics: statuses };
  }

  function ask(
    key: string,
    autoscaler: HorizontalPodAutoscaler,
    { selector, current, running }: TargetScale,
    nowMs: number,
  ): Promise<Asked> {
    const { namespace } = splitKey(key);
    if (selector !== "") selectors.set(key, selector);
    const matching = (text: string) => {
      const parsed = parseLabelSelector(text);
      return pods.list(namespace).filter(({ metadata }) => matchesLabelSelector(parsed, metadata.labels));
    };
    const own = selector === "" ? [] : matching(selector);
    const names = new Set(own.map(({ metadata }) => metadata.name));
    const claimants = [...selectors]
      .filter(([each]) => splitKey(each).namespace === namespace)
      .filter(([, text]) => matching(text).some(({ metadata }) => names.has(metadata.name)))
      .map(([each]) => each);
    const question = { selector, current, running, pods: own, claimants, nowMs };
    return askMetrics(client, kinds, autoscaler, question);
  }

  /** Changes are remembered for the rules of `behavior` only. */
  function rememberChange(
    key: string,
    { spec }: HorizontalPodAutoscaler,
    change: number,
    nowMs: number,
  ): void {
    const memory = memories.get(key);
    if (memory === undefined || spec.behavior === undefined) return;
    memories.set(key, { ...memory, changes: remember(memory.changes, change, nowMs) });
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

/** What is to be done with the target. */
interface Decision {
  readonly desired: number;
  readonly why: string;
  readonly currentMetrics: readonly object[] | null;
}
