import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { createMessageTable } from "./message-table.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/**
 * An OpenAPI document of version 2 as protobuf, in which form kubectl asks for it:
 * https://github.com/google/gnostic-models/blob/v0.7.1/openapiv2/OpenAPIv2.proto. What the API server's document does not
 * have is not written.
 */
export function encodeSwagger(document: JsonObject): Buffer {
  const { paths, definitions, ...rest } = document;
  const writer = new ProtobufWriter();
  find("Document").write(writer, {
    ...rest,
    paths: { path: named(paths, pathItem) },
    definitions: { additionalProperties: named(definitions, schema) },
  });
  return writer.finish();
}

/** The messages, as in the generated file of Kubernetes' own. */
const find = createMessageTable({
  messages: {
    Document: ["swagger=1:string?", "info=2:Info?", "paths=8:Paths?", "definitions=9:Definitions?"],
    Info: ["title=1:string?", "version=2:string?"],
    Paths: ["path=2:NamedPathItem[]"],
    NamedPathItem: ["name=1:string?", "value=2:PathItem?"],
    PathItem: [
      "get=2:Operation?",
      "put=3:Operation?",
      "post=4:Operation?",
      "delete=5:Operation?",
      "patch=8:Operation?",
    ],
    Operation: [
      "consumes=7:string[]",
      "parameters=8:ParametersItem[]",
      "responses=9:Responses?",
      "vendorExtension=13:NamedAny[]",
    ],
    ParametersItem: ["parameter=1:Parameter?"],
    Parameter: ["nonBodyParameter=2:NonBodyParameter?"],
    NonBodyParameter: ["queryParameterSubSchema=3:QueryParameterSubSchema?"],
    QueryParameterSubSchema: ["in=2:string?", "name=4:string?", "type=6:string?", "uniqueItems=20:bool?"],
    Responses: ["responseCode=1:NamedResponseValue[]"],
    NamedResponseValue: ["name=1:string?", "value=2:ResponseValue?"],
    ResponseValue: ["response=1:Response?"],
    Response: ["description=1:string?"],
    Definitions: ["additionalProperties=1:NamedSchema[]"],
    NamedSchema: ["name=1:string?", "value=2:Schema?"],
    Schema: [
      "$ref=1:string?",
      "format=2:string?",
      "title=3:string?",
      "description=4:string?",
      "default=5:Any?",
      "multipleOf=6:double?",
      "maximum=7:double?",
      "exclusiveMaximum=8:bool?",
      "minimum=9:double?",
      "exclusiveMinimum=10:bool?",
      "maxLength=11:int64?",
      "minLength=12:int64?",
      "pattern=13:string?",
      "maxItems=14:int64?",
      "minItems=15:int64?",
      "uniqueItems=16:bool?",
      "maxProperties=17:int64?",
      "minProperties=18:int64?",
      "required=19:string[]",
      "enum=20:Any[]",
      "additionalProperties=21:AdditionalPropertiesItem?",
      "type=22:TypeItem?",
      "items=23:ItemsItem?",
      "properties=25:Properties?",
      "example=30:Any?",
      "vendorExtension=31:NamedAny[]",
    ],
    AdditionalPropertiesItem: ["schema=1:Schema?", "boolean=2:bool?"],
    TypeItem: ["value=1:string[]"],
    ItemsItem: ["schema=1:Schema[]"],
    Properties: ["additionalProperties=1:NamedSchema[]"],
    NamedAny: ["name=1:string?", "value=2:Any?"],
    Any: ["yaml=2:string?"],
  },
});

function pathItem(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([verb, item]) => [verb, operation(item as JsonObject)]),
  );
}

function operation(value: JsonObject): JsonObject {
  const { consumes = [], parameters = [], responses = {} } = value;
  return {
    consumes,
    parameters: (parameters as JsonObject[]).map((queryParameterSubSchema) => ({
      parameter: { nonBodyParameter: { queryParameterSubSchema } },
    })),
    responses: { responseCode: named(responses, (response) => ({ response })) },
    vendorExtension: extensions(value),
  };
}

function schema(value: JsonObject): JsonObject {
  const {
    type,
    items,
    properties,
    additionalProperties,
    enum: values,
    default: preset,
    example,
    ...rest
  } = value;
  return {
    ...rest,
    vendorExtension: extensions(value),
    ...(type === undefined ? {} : { type: { value: [type] } }),
    ...(isJsonObject(items) ? { items: { schema: [schema(items)] } } : {}),
    ...(isJsonObject(properties) ? { properties: { additionalProperties: named(properties, schema) } } : {}),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties: isJsonObject(additionalProperties)
            ? { schema: schema(additionalProperties) }
            : { boolean: additionalProperties },
        }),
    ...(Array.isArray(values) ? { enum: values.map(any) } : {}),
    ...(preset === undefined ? {} : { default: any(preset) }),
    ...(example === undefined ? {} : { example: any(example) }),
  };
}

function extensions(value: JsonObject): JsonObject[] {
  const own = Object.entries(value).filter(([name]) => name.startsWith("x-"));
  return own.map(([name, extension]) => ({ name, value: any(extension) }));
}

/** A value of any kind is written as YAML, of which JSON is a part. */
function any(value: unknown): JsonObject {
  return { yaml: JSON.stringify(value) };
}

/** A map is a list of names and values there. */
function named(map: unknown, write: (value: JsonObject) => JsonObject): JsonObject[] {
  return Object.entries(isJsonObject(map) ? map : {}).map(([name, value]) => ({
    name,
    value: write(value as JsonObject),
  }));
}
