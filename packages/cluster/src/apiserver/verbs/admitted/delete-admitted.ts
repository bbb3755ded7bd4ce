import { beginAdmission } from "../../admission/begin-admission.ts";
import type { ApiContext } from "../../api-context.ts";
import type { ObjectRoute } from "../../resource.ts";
import { deleteObject } from "../delete-object.ts";
import type { Deletion, DeletionOptions } from "../deletion.ts";
import { mustFind } from "../../must-find.ts";
import { attributesOfObject, storedAsShown, type AdmittedOptions } from "./object-attributes.ts";

/** Deletes an object when all who are asked agree. They see it as it was when they were asked. */
export async function deleteAdmitted(
  context: ApiContext,
  route: ObjectRoute,
  deletion: DeletionOptions,
  options: AdmittedOptions,
): Promise<Deletion> {
  const { resource, namespace, name } = route;
  const attributes = attributesOfObject(context, resource, options, {
    operation: "DELETE",
    subresource: "",
    namespace,
    name,
  });
  const admission = beginAdmission(context, {
    ...attributes,
    options: { ...attributes.options, ...deletion },
  });
  if (admission !== undefined) {
    const stored = mustFind(context, route);
    const old = storedAsShown(resource, stored);
    await admission.mutate(undefined, old);
    await admission.validate(undefined, old);
    options.warnings.push(...admission.warnings);
  }
  return deleteObject(context, resource, route, { ...deletion, dryRun: options.dryRun });
}
