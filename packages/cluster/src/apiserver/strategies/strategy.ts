import type { FieldError, KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";

/**
 * What is special about one kind when it is written. Drafts may be changed; old objects must not be.
 * The counterpart of Kubernetes' strategies: https://github.com/kubernetes/kubernetes/tree/master/pkg/registry
 */
export interface Strategy {
  /** Status is written through `/status` only. `keep` takes it from a creation as well. */
  readonly status: "none" | "isolated" | "keep";
  /** Labels too are out of reach of `/status`. */
  readonly statusKeepsLabels?: boolean;
  readonly hasScale?: boolean;
  /** A warning that comes with every answer. */
  readonly deprecation?: string;
  /** What raises `metadata.generation` when it changes; absent for kinds without a generation. */
  readonly generationInputs?: (object: KubeObject) => unknown;
  /** An update without a resourceVersion overwrites whatever is there. Default true. */
  readonly unconditionalUpdate?: boolean;
  /** PUT of an absent object creates it. */
  readonly createOnUpdate?: boolean;
  /** DELETE answers the object instead of a Status. */
  readonly returnsDeleted?: boolean;
  /** Errors are those of allocating, which is done first and refuses alone; rules for values are in `@seaworthy/kube`. */
  readonly prepareCreate?: (draft: KubeObject, context: ApiContext) => readonly FieldError[];
  readonly prepareUpdate?: (draft: KubeObject, old: KubeObject, context: ApiContext) => readonly FieldError[];
  readonly prepareStatus?: (draft: KubeObject, old: KubeObject) => void;
  /** How long the object lives on after DELETE; absent for kinds that go at once. */
  readonly gracePeriodSeconds?: (object: KubeObject, asked: number | undefined) => number;
  /** The fields, beside metadata.name and metadata.namespace, that field selectors may name. */
  readonly selectableFields?: (object: KubeObject) => Readonly<Record<string, string | undefined>>;
}
