import { beginAdmission } from "../../admission/begin-admission.ts";
import type { ApiContext } from "../../api-context.ts";
import { prepareToShow } from "../../conversion/prepare-to-show.ts";
import type { ObjectRoute } from "../../resource.ts";
import { deleteObject } from "../delete-object.ts";
import type { Deletion, DeletionOptions } from "../deletion.ts";
import { isCurrent, mustFind } from "../../must-find.ts";
import { changedTooOften, mostTries } from "./changed-meanwhile.ts";
import { attributesOfObject, storedAsShown, type AdmittedOptions } from "./object-attributes.ts";

/** Deletes an object when all who are asked agree. When it changes meanwhile, they are asked again. */
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
  const remove = () => deleteObject(context, resource, route, { ...deletion, dryRun: options.dryRun });
  if (admission === undefined) return remove();
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stored = mustFind(context, route);
    await prepareToShow(context, resource, [stored]);
    const old = storedAsShown(resource, stored);
    await admission.mutate(undefined, old);
    await admission.validate(undefined, old);
    if (!isCurrent(context, route, stored)) continue;
    options.warnings.push(...admission.warnings);
    return remove();
  }
  throw changedTooOften(resource.type, name);
}
