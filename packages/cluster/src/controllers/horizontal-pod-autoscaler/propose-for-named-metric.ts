import type { KubeClient } from "@seaworthy/client";
import { labelSelectorInGo, type Kinds } from "@seaworthy/kube";
import type { MetricSpec, NamedMetric, ObjectMetric } from "./horizontal-pod-autoscaler.ts";
import { readExternalMetric, readObjectMetric, readPodsMetric } from "./named-metrics.ts";
import type { Proposal } from "./propose-for-metric.ts";
import {
  averageTarget,
  proposeByRatio,
  proposeByTotal,
  proposeReplicas,
  type Situation,
} from "./replica-calculator.ts";
import { quantityOf, thousandths } from "./thousandths.ts";

/** What is needed to ask for a metric that has a name of its own. */
export interface NamedQuestion {
  readonly client: KubeClient;
  readonly kinds: Kinds;
  readonly namespace: string;
  readonly selector: string;
  readonly situation: Omit<Situation, "metrics" | "resource">;
}

/**
 * Proposes replicas by a metric of pods, of an object, or of something outside the cluster.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/horizontal.go
 * (computeStatusForPodsMetric, computeStatusForObjectMetric, computeStatusForExternalMetric)
 */
export async function proposeForNamedMetric(
  question: NamedQuestion,
  { type, pods, object, external }: MetricSpec,
): Promise<Proposal> {
  if (pods !== undefined) return await proposeForPods(question, pods);
  if (object !== undefined) return await proposeForObject(question, object);
  if (external !== undefined) return await proposeForExternal(question, external);
  const why = `unknown metric source type ${JSON.stringify(type)}`;
  return { reason: "InvalidMetricSourceType", why, error: why };
}

async function proposeForPods(
  { client, namespace, selector, situation }: NamedQuestion,
  { metric, target }: NamedMetric,
): Promise<Proposal> {
  const { name } = metric;
  try {
    const metrics = await readPodsMetric(client, namespace, selector, metric).catch((error: Error) => {
      throw new Error(`unable to get metric ${name}: ${error.message}`, { cause: error });
    });
    const { replicas, usage } = proposeReplicas({ ...situation, metrics, resource: "" }, () =>
      averageTarget(thousandths(target.averageValue ?? 0)),
    );
    const current = { averageValue: quantityOf(usage.average) };
    return { replicas, metric: `pods metric ${name}`, status: { type: "Pods", pods: { metric, current } } };
  } catch (error) {
    const why = (error as Error).message;
    return { reason: "FailedGetPodsMetric", why, error: `failed to get pods metric value: ${why}` };
  }
}

async function proposeForObject(
  { client, kinds, namespace, situation }: NamedQuestion,
  { metric, target, describedObject }: ObjectMetric,
): Promise<Proposal> {
  const { name } = metric;
  const isWhole = target.value !== undefined;
  try {
    const value = await readObjectMetric(client, kinds, namespace, describedObject, metric).catch(
      (error: Error) => {
        // The order of these words is that of Kubernetes.
        const where = `${describedObject.kind} on ${namespace} ${describedObject.name}/`;
        throw new Error(`unable to get metric ${name}: ${where}${error.message}`, { cause: error });
      },
    );
    const { replicas, current } = propose(situation, value, target);
    const object = { metric, describedObject, current };
    const whose = isWhole ? `${describedObject.kind} metric ${name}` : externalName(metric);
    return { replicas, metric: whose, status: { type: "Object", object } };
  } catch (error) {
    const why = (error as Error).message;
    const whose = isWhole ? "" : `failed to get ${name} object metric: `;
    return {
      reason: "FailedGetObjectMetric",
      why,
      error: `failed to get object metric value: ${whose}${why}`,
    };
  }
}

async function proposeForExternal(
  { client, namespace, situation }: NamedQuestion,
  { metric, target }: NamedMetric,
): Promise<Proposal> {
  const { name, selector } = metric;
  try {
    const values = await readExternalMetric(client, namespace, metric).catch((error: Error) => {
      const which = `${namespace}/${name}/${labelSelectorInGo(selector)}`;
      throw new Error(`unable to get external metric ${which}: ${error.message}`, { cause: error });
    });
    const total = values.reduce((sum, each) => sum + each, 0);
    const { replicas, current } = propose(situation, total, target);
    const external = { metric, current };
    return { replicas, metric: externalName(metric), status: { type: "External", external } };
  } catch (error) {
    const why = (error as Error).message;
    const whose = target.averageValue === undefined ? `external metric ${name}` : `${name} external metric`;
    return {
      reason: "FailedGetExternalMetric",
      why,
      error: `failed to get ${name} external metric value: failed to get ${whose}: ${why}`,
    };
  }
}

/** By a target for the whole, or for each pod. */
function propose(
  situation: NamedQuestion["situation"],
  value: number,
  target: NamedMetric["target"],
): { readonly replicas: number; readonly current: object } {
  if (target.averageValue === undefined) {
    const replicas = proposeByRatio(situation, value / thousandths(target.value ?? 0));
    return { replicas, current: { value: quantityOf(value) } };
  }
  const { replicas, average } = proposeByTotal(situation, value, thousandths(target.averageValue));
  return { replicas, current: { averageValue: quantityOf(average) } };
}

/** Kubernetes says so of objects with a target for each pod, too. */
function externalName({ name, selector }: NamedMetric["metric"]): string {
  return `external metric ${name}(${labelSelectorInGo(selector)})`;
}
