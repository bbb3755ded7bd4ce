import type { V1VolumeAttachment, V1VolumeAttachmentSource } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import {
  volumeSpecErrors,
  type UncheckedVolumeSpec,
} from "../../core/persistent-volume/volume-spec-errors.ts";
import { driverNameErrors } from "../../core/persistent-volume/volume-source-errors.ts";
import { forbiddenValue, invalidBecause, requiredValue, type FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { dns1123Subdomain } from "../../meta/names.ts";
import { coreObjectMetaErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new VolumeAttachment. */
export function* volumeAttachmentErrors(object: KubeObject): FieldErrors {
  const { attacher = "", nodeName = "", source = {} } = (object as Unchecked<V1VolumeAttachment>).spec ?? {};
  yield* coreObjectMetaErrors(object);
  yield* driverNameErrors("spec.attacher", attacher);
  yield* sourceErrors("spec.source", source);
  yield* invalidBecause("spec.nodeName", nodeName, dns1123Subdomain(nodeName));
  const { persistentVolumeName: name } = source;
  if (name !== undefined)
    yield* invalidBecause("spec.source.persistentVolumeName", name, dns1123Subdomain(name));
}

/** What is wrong with a change of one: its spec stays. */
export function* volumeAttachmentUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* volumeAttachmentErrors(object);
  const shown = inGo("storage.VolumeAttachmentSpec", object["spec"]);
  yield* immutableFieldErrors("spec", object["spec"], old["spec"], shown);
}

function* sourceErrors(field: string, source: Unchecked<V1VolumeAttachmentSource>): FieldErrors {
  const { persistentVolumeName: name, inlineVolumeSpec: inline } = source;
  const why = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (name === undefined && inline === undefined) yield requiredValue(field, why);
  else if (name !== undefined && inline !== undefined) yield forbiddenValue(field, why);
  else if (name === "")
    yield requiredValue(`${field}.persistentVolumeName`, "must specify non empty persistentVolumeName");
  else if (inline !== undefined)
    yield* volumeSpecErrors(`${field}.inlineVolumeSpec`, inline as UncheckedVolumeSpec, { isInline: true });
}
