import { imageReference } from "../kinds/core/pod/image-reference.ts";

/** `Always` for the tag `latest` or no tag, else `IfNotPresent`; a digest counts as a tag. */
export function defaultImagePullPolicy(image: unknown): "Always" | "IfNotPresent" {
  if (typeof image !== "string" || image === "") return "IfNotPresent";
  const { tag, digest } = imageReference(image);
  if (tag === undefined) return digest === undefined ? "Always" : "IfNotPresent";
  return tag === "latest" ? "Always" : "IfNotPresent";
}
