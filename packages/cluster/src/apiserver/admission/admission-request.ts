import type { JsonObject } from "@seaworthy/kube";
import type { Resource } from "../resource.ts";

/** The verbs by which admission tells requests apart. Who only reads is not asked. */
export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/**
 * What a request is about, before its object is known.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/interfaces.go (Attributes)
 */
export interface AdmissionAttributes {
  readonly operation: Operation;
  readonly resource: Resource;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** What the object is: a Scale, for example, where the resource is of Deployments. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly namespace: string | undefined;
  /** Empty for a new object whose name is yet to be made. */
  readonly name: string;
  /** CreateOptions, UpdateOptions or DeleteOptions; absent where a client connects. */
  readonly options?: JsonObject;
  readonly dryRun: boolean;
  /** A changed object with its defaults. */
  complete?(object: JsonObject): JsonObject;
  /** A changed object after the admission that is this server's own, which runs before all other and once more after it. */
  readmit?(object: JsonObject): JsonObject;
}

/** A request as the steps of admission see it, its objects in the version that the client speaks. */
export interface AdmissionRequest extends AdmissionAttributes {
  /** The object as it would be. Steps that mutate put another one in its place; the object itself is never changed. */
  object: JsonObject | undefined;
  readonly oldObject: JsonObject | undefined;
  /** What the client is to be warned of. */
  readonly warnings: string[];
}

/** Has objects changed before they are validated. It says whether it changed this one. `again` is the second round, if one is needed. */
export type Mutate = (request: AdmissionRequest, again: boolean) => Promise<boolean>;

/** Throws where an object is not to be stored. */
export type Validate = (request: AdmissionRequest) => Promise<void>;
