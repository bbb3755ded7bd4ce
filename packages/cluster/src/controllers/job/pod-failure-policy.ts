import type { ContainerStatus, Job, Pod, PodFailurePolicy } from "@seaworthy/kube";

/** What a Job's policy says of a pod that failed. */
export interface FailureVerdict {
  /** Whether the failure counts against the limits. */
  readonly counts: boolean;
  /** Whether the pod's index has failed with it. */
  readonly failsIndex?: boolean;
  /** Why the whole Job has failed with it. */
  readonly failsJob?: string;
}

/**
 * Holds a failed pod against the rules of its Job, of which the first that matches decides.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/pod_failure_policy.go
 */
export function judgeFailure({ spec }: Job, pod: Pod): FailureVerdict {
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const cause = causeOf(rule, pod);
    if (cause === undefined) continue;
    if (rule.action === "Ignore") return { counts: false };
    if (rule.action === "FailIndex") return { counts: true, failsIndex: true };
    if (rule.action === "FailJob")
      return { counts: true, failsJob: `${cause} matching FailJob rule at index ${index}` };
    return { counts: true };
  }
  return { counts: true };
}

type Rule = PodFailurePolicy["rules"][number];

/** What of a pod a rule matches, in words; undefined when it does not match. */
function causeOf({ onExitCodes, onPodConditions }: Rule, { metadata, status }: Pod): string | undefined {
  const pod = `${metadata.namespace ?? ""}/${metadata.name}`;
  if (onExitCodes !== undefined) {
    const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
    const container = statuses.find((each) => matchesExitCode(onExitCodes, each));
    const code = container?.state?.terminated?.exitCode;
    return container && `Container ${container.name} for pod ${pod} failed with exit code ${code}`;
  }
  const condition = status?.conditions?.find((each) =>
    onPodConditions?.some((pattern) => pattern.type === each.type && pattern.status === each.status),
  );
  return condition && `Pod ${pod} has condition ${condition.type}`;
}

function matchesExitCode(
  { containerName, operator, values }: NonNullable<Rule["onExitCodes"]>,
  { name, state }: ContainerStatus,
): boolean {
  const code = state?.terminated?.exitCode ?? 0;
  if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
  return values.includes(code) === (operator === "In");
}
