import type { Container, Job, Pod, PodTemplateSpec } from "@seaworthy/kube";
import { podFromTemplate } from "../pod-owners/pod-control.ts";
import { failureAnnotations } from "./index-failures.ts";
import { completionIndexKey, jobTrackingFinalizer } from "./job-pods.ts";

/**
 * Makes a pod for a Job. With an index, it is told of it in a variable, its host name, a label and an annotation.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/indexed_job_utils.go
 */
export function makeJobPod(job: Job, index: number | undefined, replaced: Pod | undefined): Pod {
  const template = tracked(job.spec.template);
  if (index === undefined) return podFromTemplate(job, template);
  const { metadata = {}, spec } = template;
  const { name } = job.metadata;
  const perIndex = job.spec.backoffLimitPerIndex === undefined ? {} : failureAnnotations(job, replaced);
  const indexed: PodTemplateSpec = {
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [completionIndexKey]: String(index) },
      annotations: { ...metadata.annotations, [completionIndexKey]: String(index), ...perIndex },
    },
    spec: {
      ...spec,
      hostname: `${name}-${index}`,
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withIndex) }),
      containers: spec.containers.map(withIndex),
    },
  };
  const ending = `-${index}-`;
  return podFromTemplate(job, indexed, `${name.slice(0, longestPrefix - ending.length)}${ending}`);
}

/** The longest start of a generated name, which is followed by five characters. */
const longestPrefix = 58;

function tracked({ metadata = {}, spec }: PodTemplateSpec): PodTemplateSpec {
  const finalizers = new Set([...(metadata.finalizers ?? []), jobTrackingFinalizer]);
  return { metadata: { ...metadata, finalizers: [...finalizers] }, spec };
}

const variable = "JOB_COMPLETION_INDEX";

function withIndex(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === variable)) return container;
  const fieldPath = `metadata.labels['${completionIndexKey}']`;
  return { ...container, env: [...env, { name: variable, valueFrom: { fieldRef: { fieldPath } } }] };
}
