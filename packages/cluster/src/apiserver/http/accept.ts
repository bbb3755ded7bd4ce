/** How bytes are written for a client. */
export type Format = "json" | "yaml" | "protobuf" | "openApiProtobuf";

/** A way in which a client takes an answer. */
export interface Accepted {
  readonly format: Format;
  /** Undefined for the object itself. */
  readonly as: "Table" | "PartialObjectMetadata" | undefined;
}

/** What an answer can be: lists that go on are written event by event, and custom kinds have no protobuf. */
export interface Answerable {
  readonly isCustom: boolean;
  readonly isWatch: boolean;
}

/** The media type of protobuf, which Kubernetes' own clients in Go prefer. */
export const protobufMediaType = "application/vnd.kubernetes.protobuf";

const formats: Readonly<Record<string, Format>> = {
  "application/json": "json",
  "application/*": "json",
  "*/*": "json",
  "application/yaml": "yaml",
  [protobufMediaType]: "protobuf",
  "application/com.github.proto-openapi.spec.v2@v1.0+protobuf": "openApiProtobuf",
};

/**
 * Reads an Accept header: what is served of it, the most wanted first. Without a header everything is accepted.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources
 */
export function readAccept(header: string | undefined): readonly Accepted[] {
  // Most requests say just this, and are many.
  if (header === undefined || header === "" || header === "application/json") return plainJson;
  const wanted = header.split(",").flatMap((text) => readClause(text));
  return wanted.toSorted((a, b) => b.quality - a.quality);
}

const plainJson: readonly Accepted[] = [{ format: "json", as: undefined }];

/** The first way in which an answer can be written. */
export function firstPossible(
  accepted: readonly Accepted[],
  { isCustom, isWatch }: Answerable,
): Accepted | undefined {
  return accepted.find(({ format, as }) => {
    if (format === "json") return true;
    if (format === "yaml") return !isWatch;
    return format === "protobuf" && as !== "Table" && (!isCustom || as !== undefined);
  });
}

function readClause(text: string): (Accepted & { readonly quality: number })[] {
  const [mediaType = "", ...parameters] = text.split(";").map((part) => part.trim());
  const format = formats[mediaType.toLowerCase()];
  if (format === undefined) return [];
  const quality = Number(parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? 1);
  const wanted = parameters.find((parameter) => parameter.startsWith("as="))?.slice(3);
  if (wanted === undefined) return [{ format, as: undefined, quality }];
  const isOfMeta = parameters.includes("g=meta.k8s.io") && parameters.includes("v=v1");
  if (isOfMeta && wanted === "Table") return [{ format, as: wanted, quality }];
  if (isOfMeta && /^PartialObjectMetadata(List)?$/.test(wanted))
    return [{ format, as: "PartialObjectMetadata", quality }];
  return [];
}
