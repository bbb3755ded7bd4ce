/** What is about to be done, as an authorizer sees it: something to objects of a resource, or with a path. */
export type Attributes = ResourceAttributes | PathAttributes;

/** A request for objects. Texts that do not apply are empty. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Of the namespace itself, too, when the request is for a Namespace. */
  readonly namespace: string;
  readonly name: string;
}

/** A request for something that is no object: health, discovery. */
export interface PathAttributes {
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

/** Attributes with the texts left out that do not apply. */
export function resourceAttributes(
  given: Partial<ResourceAttributes> & Pick<ResourceAttributes, "verb" | "resource">,
): ResourceAttributes {
  return { group: "", subresource: "", namespace: "", name: "", ...given };
}

/** Whether they are for objects. */
export function isForResource(attributes: Attributes): attributes is ResourceAttributes {
  return "resource" in attributes;
}
