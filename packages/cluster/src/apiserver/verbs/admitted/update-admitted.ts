import type { JsonObject, KubeObject } from "@seaworthy/kube";
import type { AdmissionAttributes } from "../../admission/admission-request.ts";
import { beginAdmission, type Admission } from "../../admission/begin-admission.ts";
import type { ApiContext } from "../../api-context.ts";
import { asStored } from "../../conversion/as-stored.ts";
import { prepareToShow } from "../../conversion/prepare-to-show.ts";
import type { ObjectRoute } from "../../resource.ts";
import type { StoredObject } from "../../store/stored-object.ts";
import { isCurrent, mustFind } from "../../must-find.ts";
import { changedTooOften, mostTries } from "./changed-meanwhile.ts";
import type { AdmittedOptions } from "./object-attributes.ts";
import { storeUpdate, type Part } from "../update-object.ts";

/** A change of a stored object, whose parts are asked for again when it was changed by others meanwhile. */
export interface Change {
  readonly part: Part;
  readonly attributes: AdmissionAttributes;
  /** What the client asks for: the object itself, or what stands for it under a subresource. */
  propose(stored: StoredObject): KubeObject;
  /** The same as those see it who are asked, who may change it; and what it stands in the place of. */
  show(proposed: KubeObject): JsonObject;
  showOld(stored: StoredObject): JsonObject;
  /** Reads what they changed. */
  read(shown: JsonObject): KubeObject;
  /** The draft of the object as it will be stored. */
  prepare(stored: StoredObject, proposed: KubeObject): KubeObject;
  /** What it is that they validate, when it is not the draft. */
  showPrepared(draft: KubeObject): JsonObject;
}

/** Updates an object when all who are asked agree. Where no webhook is to be asked, it does not wait. */
export async function updateAdmitted(
  context: ApiContext,
  route: ObjectRoute,
  change: Change,
  options: AdmittedOptions,
): Promise<StoredObject> {
  const { resource } = route;
  const admission = beginAdmission(context, change.attributes);
  if (admission === undefined && resource.type.conversionWebhook === undefined) {
    const stored = mustFind(context, route);
    const draft = change.prepare(stored, change.propose(stored));
    return storeUpdate(context, resource, change.part, stored, draft, options);
  }
  for (let tries = 0; tries < mostTries; tries += 1) {
    const stored = mustFind(context, route);
    await prepareToShow(context, resource, [stored]);
    const draft = await admitted(admission, change, stored);
    const storable = await asStored(context, resource, draft);
    if (!isCurrent(context, route, stored)) continue;
    options.warnings.push(...(admission?.warnings ?? []));
    return storeUpdate(context, resource, change.part, stored, draft, options, storable);
  }
  throw changedTooOften(resource.type, route.name);
}

async function admitted(
  admission: Admission | undefined,
  change: Change,
  stored: StoredObject,
): Promise<KubeObject> {
  const proposed = change.propose(stored);
  if (admission === undefined) return change.prepare(stored, proposed);
  const old = change.showOld(stored);
  const shown = change.show(proposed);
  const mutated = await admission.mutate(shown, old);
  const draft = change.prepare(stored, mutated === shown ? proposed : change.read(mutated));
  await admission.validate(change.showPrepared(draft), old);
  return draft;
}
