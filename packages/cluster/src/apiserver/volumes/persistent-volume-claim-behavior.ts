import type { KubeObject } from "@seaworthy/kube";
import { addDefaultStorageClass } from "../admission/default-storage-class.ts";
import { confirmMayGrow } from "../admission/volume-resize.ts";
import type { Behavior } from "../resource.ts";
import { protect } from "./protect.ts";

/**
 * PersistentVolumeClaims: where their data comes from stands in two fields, of which the older one takes claims and snapshots
 * alone and loses everything else, as it always did; those that name no StorageClass are of the default one; they stay while
 * pods use them, and grow only where their class allows it.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/api/persistentvolumeclaim/util.go
 */
export const persistentVolumeClaimBehavior: Behavior = {
  admitCreate(draft, context) {
    addDefaultStorageClass(draft, context);
    protect(draft, "kubernetes.io/pvc-protection");
  },
  prepareCreate(draft) {
    agreeOnSource(draft, undefined);
    return [];
  },
  prepareUpdate(draft, old, context) {
    confirmMayGrow(draft, old, context);
    agreeOnSource(draft, old);
    return [];
  },
};

interface Source {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Sources {
  dataSource?: Source;
  dataSourceRef?: Source;
}

function agreeOnSource(draft: KubeObject, old: KubeObject | undefined): void {
  const spec = (draft["spec"] ?? {}) as Sources;
  const before = (old?.["spec"] ?? {}) as Sources;
  const hadSource = before.dataSource !== undefined || before.dataSourceRef !== undefined;
  // The gate CrossNamespaceVolumeDataSource is off.
  if ((spec.dataSourceRef?.namespace ?? "") !== "" && before.dataSourceRef === undefined)
    delete spec.dataSourceRef;
  if (!hadSource && spec.dataSourceRef === undefined && !isClaimOrSnapshot(spec.dataSource))
    delete spec.dataSource;
  if (spec.dataSource !== undefined) spec.dataSourceRef ??= { ...spec.dataSource };
  else if (spec.dataSourceRef !== undefined && (spec.dataSourceRef.namespace ?? "") === "")
    spec.dataSource = withoutNamespace(spec.dataSourceRef);
}

function isClaimOrSnapshot({ apiGroup = "", kind }: Partial<Source> = {}): boolean {
  if (kind === "PersistentVolumeClaim") return apiGroup === "";
  return kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io";
}

function withoutNamespace({ namespace: _namespace, ...source }: Source): Source {
  return source;
}
