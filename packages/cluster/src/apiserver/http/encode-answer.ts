import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import {
  encodeSwagger,
  formatYaml,
  loadProtobuf,
  type JsonObject,
  type ProtobufCodec,
} from "@seaworthy/kube";
import { passedOnAnswer } from "./passed-on.ts";
import { firstPossible, protobufMediaType, readAccept } from "./accept.ts";

/** An answer as it goes to its client. */
export interface EncodedAnswer extends Omit<ApiResponse, "headers" | "body"> {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>;
}

/**
 * Writes an answer, whose body is JSON, in the format that the client accepts first. What is no JSON, a log for example,
 * stays as it is, and so does an object of a kind that has no protobuf.
 */
export async function encodeAnswer(
  answer: ApiResponse,
  { headers, path }: Pick<ApiRequest, "headers" | "path">,
  isCustom: () => boolean,
): Promise<EncodedAnswer> {
  const passedOn = passedOnAnswer(answer);
  if (passedOn !== undefined) return passedOn;
  const { body } = answer;
  if (answer.headers["content-type"] !== "application/json") return answer;
  const isWatch = typeof body !== "string";
  const wanted = readAccept(headers["accept"]);
  // Most clients want JSON, and nothing else has to be found out for them.
  if (wanted[0]?.format === "json") return answer;
  // A refusal is of Kubernetes' own kind, whatever is refused, and has no table.
  const format =
    answer.status >= 400
      ? wanted[0]?.format
      : firstPossible(wanted, { isCustom: isCustom(), isWatch })?.format;
  if (format === "yaml" && !isWatch)
    return withBody(answer, "application/yaml", formatYaml(JSON.parse(body)));
  if (wanted[0]?.format === "openApiProtobuf" && path === "/openapi/v2" && answer.status === 200 && !isWatch)
    return withBody(answer, swaggerMediaType, encodeSwagger(JSON.parse(body) as JsonObject));
  if (format !== "protobuf") return answer;
  const codec = await loadProtobuf();
  if (isWatch) return withBody(answer, `${protobufMediaType};stream=watch`, encodeEvents(codec, body));
  const encoded = codec.encode(JSON.parse(body) as JsonObject);
  return encoded === undefined ? answer : withBody(answer, protobufMediaType, encoded);
}

/** The media type in which the document is asked for has an `@` in it, which none may have. */
const swaggerMediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

async function* encodeEvents(
  codec: ProtobufCodec,
  chunks: AsyncIterable<string>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    // A chunk has whole events, one a line.
    const events = chunk.split("\n").flatMap((line) => {
      if (line === "") return [];
      const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: JsonObject };
      return [codec.encodeEvent(type, object) ?? Buffer.alloc(0)];
    });
    yield Buffer.concat(events);
  }
}

function withBody(answer: ApiResponse, contentType: string, body: EncodedAnswer["body"]): EncodedAnswer {
  return { ...answer, headers: { ...answer.headers, "content-type": contentType }, body };
}
