import goTypesFile from "../go-types.generated.json" with { type: "json" };

/** The generated file. */
export interface GoTypesFile {
  /** The version of Kubernetes that it was taken from. */
  readonly of: string;
  /**
   * The structs that the API server holds in memory, by package and name, with their fields in order: `Name=json:type`.
   * `=json` is left out when it is the name with a small letter, `+type` is an embedded struct, and a type is one of
   * `string`, `number`, `bool`, `quantity`, `selector`, `bytes`, `json` or a struct after any of `*`, `[]` and `{}`.
   */
  readonly shown: Readonly<Record<string, string>>;
  /** The type of a field of the API, as `type.field`, where it is another than the schema's type lets expect. */
  readonly fields: Readonly<Record<string, string>>;
  /** By type, the structs that are embedded in it and their fields: `RuleWithOperations=operations RuleWithOperations.Rule=scope`. */
  readonly embedded: Readonly<Record<string, string>>;
}

/** What of its types in Go the messages of Kubernetes show. */
export const goTypes: GoTypesFile = goTypesFile;
