import type { LoadPlan, StreamTemplate, Target } from "./plan.ts";

/** The targets of a plan that get a stream. */
export function streamTargets(
  { targets: names }: Pick<StreamTemplate, "targets">,
  { targets }: Pick<LoadPlan, "targets">,
): readonly Target[] {
  return targets.filter(({ name, protocol }) =>
    names === undefined ? protocol !== "h2" : names.includes(name),
  );
}
