import { deviceClassErrors, deviceClassUpdateErrors } from "./device-class-errors.ts";
import { kind, type Kind } from "../../kind.ts";

/** Classes of devices. */
export const deviceClassKind: Kind = kind(
  "resource.k8s.io",
  "v1",
  "DeviceClass",
  "deviceclasses",
  "cluster",
  {
    offVersions: ["v1beta2", "v1beta1"],
    idle: true,
    createErrors: deviceClassErrors,
    updateErrors: deviceClassUpdateErrors,
    storage: { status: "none", returnsDeleted: true, generationInputs: ({ spec }) => spec },
  },
);
