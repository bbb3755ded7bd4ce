/** Where the embedded API server makes something else of a sample: paths into the answer, and why. */
export const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "v1 PersistentVolume": {
    "created.metadata.finalizers":
      "no controller protects volumes that are in use, so nobody would take the finalizer away",
  },
  "v1 PersistentVolumeClaim": {
    "created.metadata.finalizers":
      "no controller protects claims that are in use, so nobody would take the finalizer away",
  },
  "storage.k8s.io/v1 VolumeAttributesClass": {
    "created.metadata.finalizers":
      "no controller protects classes that are in use, so nobody would take the finalizer away",
  },
  "storage.k8s.io/v1 CSINode": {
    "created.spec.drivers.0.topologyKeys":
      "an absent list of a driver's keys is absent, where Go writes null",
  },
  "networking.k8s.io/v1 IPAddress": {
    row: "Kubernetes sends an age for which it has no column",
  },
};
