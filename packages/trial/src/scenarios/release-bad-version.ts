import type { RolloutTarget } from "@seaworthy/release";
import type { PodLife } from "../timeline/timeline.ts";
import { isOf, servingPods, untilGone, untilReady } from "./serving-pods.ts";
import type { Stage } from "./scenario.ts";
import { withTemplate, type Template } from "./with-template.ts";

/** A bad version while it is out. */
export interface BadVersion {
  /** Its pods so far. */
  badPods(): PodLife[];
  /** How many pods the Deployment had before. */
  readonly replicas: number;
}

/** Releases a bad version of a Deployment, takes it back after `stay`, and waits until all is as it was. */
export async function releaseBadVersion(
  stage: Stage,
  target: RolloutTarget,
  change: (template: Template) => Template,
  stay: (version: BadVersion) => Promise<void>,
): Promise<void> {
  const { recorder } = stage;
  const before = servingPods(stage, [target]);
  const good = new Set(before.map(({ revision }) => revision));
  // Pods of versions before the good one came and went.
  const known = new Set(recorder.read().pods.map(({ uid }) => uid));
  const badPods = () =>
    recorder.read().pods.filter((pod) => isOf(pod, target) && !good.has(pod.revision) && !known.has(pod.uid));
  await withTemplate(stage, target, change, () => stay({ badPods, replicas: before.length }));
  await untilReady(stage, target, before.length);
  await untilGone(stage, badPods());
}
