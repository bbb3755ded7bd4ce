import type { KubeClient } from "@seaworthy/client";
import type { ControllerRevision, DaemonSet, Pod } from "@seaworthy/kube";
import { podTemplateHash } from "../deployment/pod-template-hash.ts";
import {
  createRevision,
  nextRevisionNumber,
  pruneRevisions,
  renumberRevision,
} from "../revision-history/controller-revisions.ts";
import { keepsTemplate } from "../revision-history/revision-data.ts";
import { revisionHashLabel } from "./daemon-pod.ts";

/** The templates that a DaemonSet had. */
export interface DaemonRevisions {
  readonly hash: string;
  readonly old: readonly ControllerRevision[];
  readonly collisionCount: number;
}

/**
 * Finds the revision of the present template, or makes it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/daemon/update.go (constructHistory)
 */
export async function findDaemonRevisions(
  client: KubeClient,
  daemonSet: DaemonSet,
  revisions: readonly ControllerRevision[],
): Promise<DaemonRevisions> {
  const { template } = daemonSet.spec;
  const collisionCount = daemonSet.status?.collisionCount ?? 0;
  const equal = revisions.findLast((each) => keepsTemplate(each, template));
  const old = revisions.filter((each) => each !== equal);
  const number = nextRevisionNumber(old);
  if (equal !== undefined) {
    if (equal.revision < number) await renumberRevision(client, equal, number);
    return { hash: hashOf(equal), old, collisionCount };
  }
  const created = await createRevision(client, daemonSet, {
    revision: number,
    hash: (count) => podTemplateHash(template, count === 0 ? undefined : count),
    hashLabel: revisionHashLabel,
    collisionCount,
  });
  return { hash: hashOf(created.revision), old, collisionCount: created.collisionCount };
}

/** Deletes the oldest revisions of which no pod is made, where there are too many. */
export async function pruneDaemonRevisions(
  client: KubeClient,
  { spec }: DaemonSet,
  old: readonly ControllerRevision[],
  pods: readonly Pod[],
): Promise<void> {
  const used = new Set(pods.map(({ metadata }) => metadata.labels?.[revisionHashLabel]));
  const unused = old.filter((revision) => !used.has(hashOf(revision)));
  await pruneRevisions(client, unused, old.length - (spec.revisionHistoryLimit ?? 10));
}

function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[revisionHashLabel] ?? metadata.name;
}
