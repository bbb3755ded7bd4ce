/** An image as a container names it. */
export interface ImageReference {
  /** Without tag and digest: `host:5000/a/b`. */
  readonly name: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

/** The parts of `host:5000/a/b:v1@sha256:…`. */
export function imageReference(image: string): ImageReference {
  const [tagged = "", digest] = image.split("@");
  // A colon before the last slash belongs to the registry's port.
  const tag = /:([^/:]+)$/.exec(tagged)?.[1];
  return { name: tag === undefined ? tagged : tagged.slice(0, -tag.length - 1), tag, digest };
}
