import type { LoadPlan, StreamTemplate, Target } from "./plan.ts";

/** The targets of a plan that get a stream. */
export function streamTargets(
  { kind, targets: names }: Pick<StreamTemplate, "kind" | "targets">,
  { targets }: Pick<LoadPlan, "targets">,
): readonly Target[] {
  return targets.filter(({ name, protocol }) =>
    names === undefined ? (protocol === "h2") === (kind === "grpc") : names.includes(name),
  );
}
