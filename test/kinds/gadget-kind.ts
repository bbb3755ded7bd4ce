import {
  ageOf,
  ageColumn,
  column,
  kind,
  nameColumn,
  type FieldError,
  type Kind,
  type KubeObject,
} from "@seaworthy/kube";

interface Gadget extends KubeObject {
  readonly spec: { readonly color?: string; readonly size: number };
}

/** A kind that Kubernetes does not have, as one file. */
export const gadgetKind: Kind = kind("toys.example", "v2 v1beta1", "Gadget", "gadgets", "namespaced", {
  shortNames: ["gd"],
  categories: ["all"],
  applyOrder: 7,
  storage: {
    status: "isolated",
    generationInputs: ({ spec }) => spec,
    selectableFields: (object) => ({ "spec.color": (object as Gadget).spec.color }),
  },
  defaults(object) {
    const spec = (object["spec"] ??= {}) as Record<string, unknown>;
    spec["color"] ??= "red";
  },
  *createErrors(object) {
    yield* sizeErrors(object as Gadget);
  },
  *updateErrors(object, old) {
    yield* sizeErrors(object as Gadget);
    if ((object as Gadget).spec.color !== (old as Gadget).spec.color)
      yield invalid("spec.color", "field is immutable");
  },
  *warnings(object) {
    if ((object as Gadget).spec.color === "beige") yield "spec.color: beige is out of fashion";
  },
  columns: {
    columns: [nameColumn, column("Color", "The color of the gadget."), ageColumn],
    cells: (object, nowMs) => [
      object.metadata.name,
      (object as Gadget).spec.color ?? "",
      ageOf(object.metadata.creationTimestamp, nowMs),
    ],
  },
});

function* sizeErrors({ spec }: Gadget): Generator<FieldError> {
  if (spec.size < 1) yield invalid("spec.size", `Invalid value: ${spec.size}: must be at least 1`);
}

function invalid(field: string, message: string): FieldError {
  return { reason: "FieldValueInvalid", field, message };
}
