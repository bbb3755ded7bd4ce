import type { ResourceList } from "./resource-list.ts";

/** A part of an object that a LimitRange may set bounds to. */
export interface LimitedPart {
  readonly type: "Container" | "Pod" | "PersistentVolumeClaim";
  readonly requests: ResourceList;
  /** Undefined where a part knows requests alone. */
  readonly limits: ResourceList | undefined;
}
