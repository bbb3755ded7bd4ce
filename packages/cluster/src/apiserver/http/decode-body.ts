import type { ApiRequest } from "@seaworthy/client";
import { loadProtobuf, ProtobufError, type ServedType } from "@seaworthy/kube";
import { protobufMediaType } from "./accept.ts";
import { mediaTypeOf } from "./parse-body.ts";
import { badRequest } from "./status-error.ts";

/** Whether the body of a request is protobuf, by what it says. */
export function isProtobuf({ headers, body }: ApiRequest): boolean {
  return typeof body === "object" && mediaTypeOf(headers) === protobufMediaType;
}

/**
 * The request with its protobuf body in JSON, so that nothing behind knows of it. `type` is that of the objects
 * at the request's path: custom kinds have no protobuf, which is left to be refused.
 */
export async function decodeBody(request: ApiRequest, type: ServedType | undefined): Promise<ApiRequest> {
  const { method, headers, body } = request;
  if (method === "PATCH" || type?.isCustom === true) return request;
  const bytes = Buffer.from(body ?? []);
  // A DELETE without options is one without a body, whatever it says of its type.
  if (bytes.length === 0 && method === "DELETE") return request;
  const object = await decodeProtobuf(bytes, type);
  return {
    ...request,
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(object),
  };
}

async function decodeProtobuf(bytes: Buffer, type: ServedType | undefined): Promise<unknown> {
  const codec = await loadProtobuf();
  const expected = type?.kind ?? "Object";
  const envelope = refusing(
    () => codec.open(bytes),
    (why) => `the object provided is unrecognized (must be of type ${expected}): ${why} (${summary(bytes)})`,
  );
  // Who leaves the kind out means that of the path.
  const kind = envelope.kind === "" ? expected : envelope.kind;
  const apiVersion = envelope.apiVersion === "" ? (type?.apiVersion ?? "") : envelope.apiVersion;
  const version = apiVersion.split("/").at(-1) ?? "";
  return refusing(
    () => codec.decode({ kind, apiVersion, raw: envelope.raw }),
    (why) => `${kind} in version "${version}" cannot be handled as a ${type?.kind ?? kind}: ${why}`,
  );
}

function refusing<T>(act: () => T, word: (why: string) => string): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof ProtobufError) throw badRequest(word(error.message));
    throw error;
  }
}

/** summarizeData of https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/endpoints/handlers/rest.go */
function summary(bytes: Buffer): string {
  if (bytes.length === 0) return "<empty>";
  const shown = bytes.subarray(0, 30);
  const text = shown[0] === 0x7b ? shown.toString("utf8") : shown.toString("hex");
  return bytes.length > 30 ? `${text} ...` : text;
}
