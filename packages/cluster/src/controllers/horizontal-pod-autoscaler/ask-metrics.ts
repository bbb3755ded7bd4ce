import type { KubeClient } from "@seaworthy/client";
import { parseQuantity, type Kinds, type Pod } from "@seaworthy/kube";
import type { HorizontalPodAutoscaler } from "./horizontal-pod-autoscaler.ts";
import { proposeForMetric } from "./propose-for-metric.ts";

/** What the metrics of an autoscaler ask for, or why they do not. */
export interface Asked {
  readonly replicas: number;
  /** The one that asks for the most. */
  readonly metric: string;
  readonly statuses: readonly object[] | null;
  readonly warnings: readonly Told[];
  readonly failure?: { readonly event?: Told; readonly condition: Told; readonly error: string };
}

/** A reason with its words. */
interface Told {
  readonly reason: string;
  readonly message: string;
}

/** What is asked about. */
export interface Question {
  readonly selector: string;
  readonly current: number;
  readonly running: number;
  readonly pods: readonly Pod[];
  /** The autoscalers that have a say in these pods. */
  readonly claimants: readonly string[];
  readonly nowMs: number;
}

/**
 * Asks for all metrics of an autoscaler.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/podautoscaler/horizontal.go (computeReplicasForMetrics)
 */
export async function askMetrics(
  client: KubeClient,
  kinds: Kinds,
  { spec, metadata: { namespace = "" } }: HorizontalPodAutoscaler,
  { selector, current, running, pods, claimants, nowMs }: Question,
): Promise<Asked> {
  if (selector === "") {
    const message = "selector is required";
    const condition = {
      reason: "InvalidSelector",
      message: "the HPA target's scale is missing a selector",
    };
    return refused({ event: { reason: "SelectorRequired", message }, condition, error: message });
  }
  if (claimants.length > 1) {
    const message = `pods by selector ${selector} are controlled by multiple HPAs: [${claimants.join(" ")}]`;
    const event = { reason: "AmbiguousSelector", message };
    return refused({ event, condition: event, error: message });
  }
  const situation = { current, running, pods, tolerances: tolerancesOf(spec), nowMs };
  const proposals = await Promise.all(
    (spec.metrics ?? []).map((each) =>
      proposeForMetric(client, kinds, { namespace, selector }, situation, each),
    ),
  );
  return highest(proposals, current);
}

type Proposals = readonly Awaited<ReturnType<typeof proposeForMetric>>[];

/** Where a metric is not known, the others may only ask for more. */
function highest(proposals: Proposals, current: number): Asked {
  const valid = proposals.filter((each) => "replicas" in each);
  const invalid = proposals.filter((each) => "reason" in each);
  const most = valid.reduce<(typeof valid)[number] | undefined>(
    (before, each) => (before === undefined || each.replicas > before.replicas ? each : before),
    undefined,
  );
  const warnings = invalid.map(({ reason, why }) => ({ reason, message: why }));
  const statuses = proposals.map((each) => ("status" in each ? each.status : { type: "" }));
  const [first] = invalid;
  if (first === undefined || (most !== undefined && most.replicas >= current))
    return { replicas: most?.replicas ?? 0, metric: most?.metric ?? "", statuses, warnings };
  const message = `the HPA was unable to compute the replica count: ${first.why}`;
  const error = `invalid metrics (${invalid.length} invalid out of ${proposals.length}), first error is: ${first.error}`;
  return { ...refused({ condition: { reason: first.reason, message }, error }), warnings, statuses };
}

function refused(failure: NonNullable<Asked["failure"]>): Asked {
  return { replicas: 0, metric: "", statuses: null, warnings: [], failure };
}

const defaultTolerance = 0.1;

function tolerancesOf({ behavior }: HorizontalPodAutoscaler["spec"]) {
  const read = (text: string | undefined) =>
    text === undefined ? defaultTolerance : Number(parseQuantity(text)) / 1e9;
  return { scaleDown: read(behavior?.scaleDown.tolerance), scaleUp: read(behavior?.scaleUp.tolerance) };
}
