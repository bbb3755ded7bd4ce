import type { KubeClient } from "@seaworthy/client";
import type { ControllerRevision, Pod, StatefulSet } from "@seaworthy/kube";
import {
  createRevision,
  nextRevisionNumber,
  pruneRevisions,
  renumberRevision,
} from "../revision-history/controller-revisions.ts";
import { keepsTemplate, revisionData, revisionHash } from "../revision-history/revision-data.ts";
import type { SetRevisions } from "./stateful-set-status.ts";
import { revisionOfPod } from "./stateful-pod.ts";

/**
 * Finds the revision of a set's present template, or makes it, and the one that its pods have had.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_set_control.go (getStatefulSetRevisions)
 */
export async function findSetRevisions(
  client: KubeClient,
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
): Promise<SetRevisions> {
  const { template } = set.spec;
  const collisions = set.status?.collisionCount ?? 0;
  const last = revisions.at(-1);
  const equal = revisions.findLast((each) => keepsTemplate(each, template));
  const { revision: update, collisionCount } =
    equal === undefined
      ? await createRevision(client, set, {
          revision: nextRevisionNumber(revisions),
          hash: (count) => revisionHash(revisionData(template), count),
          hashLabel: "controller.kubernetes.io/hash",
          collisionCount: collisions,
        })
      : {
          revision:
            equal === last ? equal : await renumberRevision(client, equal, nextRevisionNumber(revisions)),
          collisionCount: collisions,
        };
  const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  return { current, update, collisionCount };
}

/** Deletes revisions that no pod is made of, and that are too many. */
export async function pruneSetRevisions(
  client: KubeClient,
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
  { current, update }: SetRevisions,
  pods: readonly Pod[],
): Promise<void> {
  const used = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOfPod)]);
  const unused = revisions.filter(({ metadata }) => !used.has(metadata.name));
  await pruneRevisions(client, unused, unused.length - (set.spec.revisionHistoryLimit ?? 10));
}
