import type { JsonObject, KubeObject } from "@seaworthy/kube";
import type { AdmissionAttributes, Operation } from "../../admission/admission-request.ts";
import type { Admission } from "../../admission/begin-admission.ts";
import type { ApiContext } from "../../api-context.ts";
import { decodeObject } from "../../decoding/decode-object.ts";
import { shownIn, type Resource } from "../../resource.ts";
import type { StoredObject } from "../../store/stored-object.ts";
import type { WriteQuery } from "../write-request.ts";

/** How a write is to be done that others have a say in, and what its client is warned of by them. */
export interface AdmittedOptions extends WriteQuery {
  readonly warnings: string[];
}

/** What admission is to know of a write of an object itself, or of its status. */
export function attributesOfObject(
  context: ApiContext,
  resource: Resource,
  options: WriteQuery,
  target: Pick<AdmissionAttributes, "operation" | "subresource" | "namespace" | "name">,
): AdmissionAttributes {
  return {
    ...target,
    resource,
    kind: resource.type,
    options: operationOptions(target.operation, options),
    dryRun: options.dryRun,
    complete: (object) => asShown(resource, readShown(resource, object)),
    readmit(object) {
      const draft = readShown(resource, object);
      if (target.operation === "CREATE") resource.admitCreate?.(draft, context);
      return asShown(resource, draft);
    },
  };
}

/** CreateOptions and the like, as a client sent them. */
export function operationOptions(operation: Operation, { sent }: WriteQuery): JsonObject {
  const kind = { CREATE: "CreateOptions", UPDATE: "UpdateOptions", DELETE: "DeleteOptions", CONNECT: "" };
  return { kind: kind[operation], apiVersion: "meta.k8s.io/v1", ...sent };
}

/** The draft as those change it who are asked, with its defaults. */
export async function mutateDraft(
  admission: Admission,
  resource: Resource,
  draft: KubeObject,
  oldObject: JsonObject | undefined,
): Promise<KubeObject> {
  const shown = asShown(resource, draft);
  const mutated = await admission.mutate(shown, oldObject);
  return mutated === shown ? draft : readShown(resource, mutated);
}

/** A draft as a client of the resource's version sees it. Not to be changed. */
export function asShown({ type }: Resource, draft: KubeObject): JsonObject {
  const { apiVersion } = type;
  const object = draft as unknown as JsonObject;
  return { ...(type.convert?.(object, apiVersion) ?? object), apiVersion };
}

/** A stored object as a client of the resource's version sees it. Not to be changed. */
export function storedAsShown(resource: Resource, stored: StoredObject): JsonObject {
  return { ...shownIn(resource, stored).object, apiVersion: resource.type.apiVersion };
}

/** Reads such an object, which has been changed by others. */
export function readShown(resource: Resource, object: JsonObject): KubeObject {
  return decodeObject(structuredClone(object), resource, "Ignore").object;
}
