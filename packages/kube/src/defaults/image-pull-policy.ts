/** `Always` for the tag `latest` or no tag, else `IfNotPresent`; a digest counts as a tag. */
export function defaultImagePullPolicy(image: unknown): "Always" | "IfNotPresent" {
  if (typeof image !== "string" || image === "") return "IfNotPresent";
  const [name = "", digest] = image.split("@");
  // A colon before the last slash belongs to the registry's port.
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  if (tag === undefined) return digest === undefined ? "Always" : "IfNotPresent";
  return tag === "latest" ? "Always" : "IfNotPresent";
}
