import {
  approvalOf,
  customKind,
  isConditionTrue,
  resourceTypes,
  type CustomResourceDefinition,
  type Kinds,
  type KubeObject,
} from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { StatusError } from "../http/status-error.ts";
import type { Resource, Resources } from "../resource.ts";
import { deleteObject } from "../verbs/delete-object.ts";
import { updateObject } from "../verbs/update-object.ts";
import { acceptNames } from "./accept-names.ts";
import { cleanupFinalizer } from "./definition-behavior.ts";
import { setCondition } from "./set-condition.ts";

const type = resourceTypes.customresourcedefinitions;
const collection = `${type.group}/${type.plural}`;

/**
 * Does what follows from CustomResourceDefinitions, as the controllers inside of a real API server do: accepts names,
 * serves the kinds, changes them, and takes them out when their definition is deleted and their objects are gone. It
 * begins with those that are stored already. A write is answered before anything follows from it; whatever follows is
 * done before the next task, so that who reads the answer finds the kind.
 */
export function followDefinitions(
  context: ApiContext & { readonly resources: Resources },
  kinds: Kinds,
): void {
  const { store, clock, resources } = context;
  /** The kinds that are served, by the names of their definitions. */
  const served = new Map<string, { readonly text: string; readonly remove: () => void }>();
  /** Definitions that wait until their objects are gone. */
  const waiting = new Set<string>();
  const due = new Set<string>();

  const resource = resources.find(type.group, type.version, type.plural);
  if (resource === undefined) return;
  for (const { key } of store.list(collection)) sync(key);
  store.watch(collection, store.revision, ({ after }) => schedule(after.key));

  function schedule(name: string): void {
    due.add(name);
    if (due.size === 1) queueMicrotask(work);
  }

  function work(): void {
    for (const name of due) {
      due.delete(name);
      sync(name);
    }
  }

  function sync(name: string): void {
    const definition = find(name);
    if (definition === undefined) {
      served.get(name)?.remove();
      served.delete(name);
      for (const { key } of store.list(collection)) due.add(key);
      if (due.size > 0) queueMicrotask(work);
      return;
    }
    const { metadata } = definition;
    if (metadata.deletionTimestamp === undefined) {
      change(name, (draft) => acceptNames(draft, takenNames(draft), clock.now()));
      change(name, (draft) => approve(draft));
      change(name, (draft) => establish(draft));
    }
    serve(name);
    if (metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(cleanupFinalizer))
      cleanUp(name);
  }

  function find(name: string): CustomResourceDefinition | undefined {
    return store.get(collection, name)?.object as CustomResourceDefinition | undefined;
  }

  /** Writes a definition whose draft `edit` says to have changed. */
  function change(name: string, edit: (draft: CustomResourceDefinition) => boolean): void {
    const target = { namespace: undefined, name, part: "status" } as const;
    const draft = structuredClone(find(name));
    if (draft === undefined || !edit(draft)) return;
    updateObject(context, resource as Resource, target, () => draft, { dryRun: false });
  }

  /** Names of the definitions of a group that were accepted, and of Kubernetes' own kinds in it. */
  function takenNames({ metadata, spec }: CustomResourceDefinition) {
    const others = store
      .list(collection)
      .map(({ object }) => object as CustomResourceDefinition)
      .filter((other) => other.spec.group === spec.group && other.metadata.name !== metadata.name)
      .map(({ status }) => status?.acceptedNames);
    const own = kinds.list().filter((each) => each.group === spec.group && each.isCustom !== true);
    const names = [...others, ...own].filter((each) => each !== undefined);
    return {
      resources: new Set(
        names.flatMap(({ plural, singular = "", shortNames = [] }) => [plural, singular, ...shortNames]),
      ),
      kinds: new Set(names.flatMap(({ kind, listKind = "" }) => [kind, listKind])),
    };
  }

  function approve(draft: CustomResourceDefinition): boolean {
    const approval = approvalOf(draft);
    if (approval === undefined) return false;
    const { state, reason: message } = approval;
    const reasons = {
      approved: "ApprovedAnnotation",
      bypassed: "UnapprovedAnnotation",
      missing: "MissingAnnotation",
      invalid: "InvalidAnnotation",
    };
    const status = state === "approved" ? "True" : "False";
    const condition = "KubernetesAPIApprovalPolicyConformant";
    return setCondition(draft, clock.now(), { type: condition, status, reason: reasons[state], message });
  }

  function establish(draft: CustomResourceDefinition): boolean {
    if (!isConditionTrue(draft, "NamesAccepted") || isConditionTrue(draft, "Established")) return false;
    return setCondition(draft, clock.now(), {
      type: "Established",
      status: "True",
      reason: "InitialNamesAccepted",
      message: "the initial names have been accepted",
    });
  }

  /** Serves the kind as its definition has it now. */
  function serve(name: string): void {
    const definition = find(name);
    if (definition === undefined || !isConditionTrue(definition, "Established")) return;
    const { spec, status } = definition;
    const text = JSON.stringify([spec, status?.acceptedNames, isConditionTrue(definition, "Terminating")]);
    const before = served.get(name);
    if (before?.text === text) return;
    const kind = customKind(definition);
    if (before === undefined) served.set(name, { text, remove: kinds.add(kind) });
    else {
      kinds.replace(kind);
      served.set(name, { ...before, text });
    }
  }

  /** Deletes the objects of a kind, and lets its definition go when the last of them has gone. */
  function cleanUp(name: string): void {
    if (waiting.has(name)) return;
    const definition = find(name);
    if (definition === undefined) return;
    const isEstablished = isConditionTrue(definition, "Established");
    change(name, (draft) =>
      setCondition(draft, clock.now(), {
        type: "Terminating",
        status: "True",
        reason: "InstanceDeletionInProgress",
        message: "CustomResource deletion is in progress",
      }),
    );
    const objects = `${definition.spec.group}/${definition.spec.names.plural}`;
    if (isEstablished) deleteObjects(objects);
    const finish = () => {
      if (isEstablished && store.list(objects).length > 0) return false;
      waiting.delete(name);
      letGo(name, isEstablished);
      return true;
    };
    if (finish()) return;
    waiting.add(name);
    const watch = store.watch(objects, store.revision, ({ type: event }) => {
      if (event !== "DELETED") return;
      // The object is still in the store's hands while it tells of its end.
      queueMicrotask(() => {
        if (waiting.has(name) && finish()) watch?.stop();
      });
    });
  }

  function deleteObjects(objects: string): void {
    const instances = resources.list().find((each) => each.collection === objects);
    if (instances === undefined) return;
    for (const { object } of store.list(objects)) {
      const { namespace, name } = (object as KubeObject).metadata;
      deleteObject(context, instances, { namespace, name }, { dryRun: false });
    }
  }

  function letGo(name: string, isEstablished: boolean): void {
    const definition = find(name);
    if (definition === undefined) return;
    const draft = structuredClone(definition);
    setCondition(draft, clock.now(), {
      type: "Terminating",
      status: "False",
      reason: isEstablished ? "InstanceDeletionCompleted" : "NeverEstablished",
      message: isEstablished ? "removed all instances" : "resource was never established",
    });
    draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((each) => each !== cleanupFinalizer);
    try {
      const target = { namespace: undefined, name, part: "status" } as const;
      updateObject(context, resource as Resource, target, () => draft, { dryRun: false });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }
}
