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
    loadRules: async () => {
      const { deviceClassErrors, deviceClassUpdateErrors } = await import("./device-class-errors.ts");
      return { createErrors: deviceClassErrors, updateErrors: deviceClassUpdateErrors };
    },
    storage: { status: "none", returnsDeleted: true, generationInputs: ({ spec }) => spec },
  },
);
