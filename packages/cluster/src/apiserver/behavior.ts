import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { FieldError, KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "./api-context.ts";
import type { Resource } from "./resource.ts";
import type { StoredObject } from "./store/stored-object.ts";
import type { WriteOptions } from "./verbs/create-object.ts";
import type { Deletion, DeletionOptions } from "./verbs/delete-object.ts";
import type { ObjectRoute } from "./verbs/object-route.ts";

/**
 * What this server does with objects of one kind beyond storing them. What is known of a kind without a server is in
 * `@seaworthy/kube`. Drafts may be changed; old objects must not be.
 */
export interface Behavior {
  /** Errors are those of allocating, which is done first and refuses alone; rules for values are in `@seaworthy/kube`. */
  prepareCreate?(draft: KubeObject, context: ApiContext): readonly FieldError[];
  prepareUpdate?(draft: KubeObject, old: KubeObject, context: ApiContext): readonly FieldError[];
  prepareStatus?(draft: KubeObject, old: KubeObject): void;
  /** Takes a DELETE over; undefined where the object is deleted as any other. */
  interceptDelete?(
    context: ApiContext,
    resource: Resource,
    stored: StoredObject,
    options: DeletionOptions & WriteOptions,
  ): Deletion | undefined;
  /** Whether an object that is being deleted has to stay, though it has no finalizer. */
  holds?(draft: KubeObject): boolean;
  /** What stands under an object's path, beside `/status` and `/scale`. */
  readonly subresources?: readonly Subresource[];
}

/** What stands under an object's path. */
export interface Subresource {
  readonly name: string;
  /** The kind that it takes and gives, of whatever group. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
  handle(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse | Promise<ApiResponse>;
}
