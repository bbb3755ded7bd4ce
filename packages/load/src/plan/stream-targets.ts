import type { LoadPlan, StreamTemplate, Target } from "./plan.ts";

/** The targets of a plan that get a stream. */
export function streamTargets(
  { kind, targets: names }: Pick<StreamTemplate, "kind" | "targets">,
  { targets }: Pick<LoadPlan, "targets">,
): readonly Target[] {
  return targets.filter((target) =>
    names === undefined ? carriesStream(target, kind) : names.includes(target.name),
  );
}

/** Whether a target speaks the version of HTTP that a stream needs. */
export function carriesStream({ protocol }: Target, kind: StreamTemplate["kind"]): boolean {
  return (protocol === "h2") === (kind === "grpc");
}
