import { isAlreadyExists, type Informer, type KubeClient } from "@seaworthy/client";
import {
  matchesLabelSelector,
  parseTimestamp,
  resourceTypes,
  type ControllerRevision,
  type KubeObject,
  type LabelSelector,
  type PodTemplateSpec,
  type ServedType,
} from "@seaworthy/kube";
import { claimObjects, controllerReference } from "../pod-owners/claim-objects.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { keepsTemplate, revisionData } from "./revision-data.ts";

/** An object that keeps the templates which its pods were made of. */
export interface RevisedOwner extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly template: PodTemplateSpec;
    readonly [field: string]: unknown;
  };
}

/** The revisions of one owner, the oldest first. */
export async function listRevisions(
  client: KubeClient,
  owner: RevisedOwner,
  ownerType: ServedType,
  revisions: Informer<ControllerRevision>,
): Promise<ControllerRevision[]> {
  const own = await claimObjects<ControllerRevision>({
    client,
    owner,
    ownerType,
    type: resourceTypes.controllerrevisions,
    objects: revisions.list(owner.metadata.namespace),
    matches: ({ metadata }) => matchesLabelSelector(owner.spec.selector, metadata.labels ?? {}),
  });
  return own.toSorted(
    (a, b) =>
      a.revision - b.revision || createdMs(a) - createdMs(b) || (a.metadata.name < b.metadata.name ? -1 : 1),
  );
}

/** The number of the next revision. */
export function nextRevisionNumber(revisions: readonly ControllerRevision[]): number {
  return Math.max(0, ...revisions.map(({ revision }) => revision)) + 1;
}

/** What is new about a revision. */
export interface NewRevision {
  readonly revision: number;
  readonly hash: (collisionCount: number) => string;
  /** The label that tells the hash. */
  readonly hashLabel: string;
  readonly collisionCount: number;
}

/**
 * Keeps the present template of an owner. Where another revision has the name of its hash, the collision is counted and the
 * next name is tried. Resolves to the revision and the collisions so far.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/history/controller_history.go (CreateControllerRevision)
 */
export async function createRevision(
  client: KubeClient,
  owner: RevisedOwner,
  wanted: NewRevision,
): Promise<{ readonly revision: ControllerRevision; readonly collisionCount: number }> {
  for (let { collisionCount } = wanted; ; collisionCount += 1) {
    const revision = makeRevision(owner, wanted, wanted.hash(collisionCount));
    const { namespace, name } = revision.metadata;
    try {
      return { revision: await client.create(resourceTypes.controllerrevisions, revision), collisionCount };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const present = await client
      .get<ControllerRevision>(resourceTypes.controllerrevisions, namespace, name)
      .catch(unlessNotFound);
    if (present !== undefined && keepsTemplate(present, owner.spec.template))
      return { revision: present, collisionCount };
  }
}

/** Gives an older revision, to which its owner goes back, the number of the newest. */
export async function renumberRevision(
  client: KubeClient,
  present: ControllerRevision,
  revision: number,
): Promise<ControllerRevision> {
  if (present.revision === revision) return present;
  return await client.update<ControllerRevision>(resourceTypes.controllerrevisions, { ...present, revision });
}

/** Deletes the oldest of the revisions that nobody uses, as many as are too many. */
export async function pruneRevisions(
  client: KubeClient,
  unused: readonly ControllerRevision[],
  surplus: number,
): Promise<void> {
  for (const { metadata } of unused.slice(0, Math.max(0, surplus)))
    await client
      .delete(resourceTypes.controllerrevisions, metadata.namespace, metadata.name)
      .catch(unlessNotFound);
}

function makeRevision(
  owner: RevisedOwner,
  { revision, hashLabel }: NewRevision,
  hash: string,
): ControllerRevision {
  const { name, namespace, annotations } = owner.metadata;
  const { template } = owner.spec;
  return {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: `${name.slice(0, longestName)}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerReference(owner)],
    },
    data: revisionData(template),
    revision,
  };
}

const longestName = 223;

function createdMs({ metadata }: KubeObject): number {
  return parseTimestamp(metadata.creationTimestamp) ?? 0;
}
