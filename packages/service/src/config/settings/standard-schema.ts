/** A schema of Zod, Valibot, ArkType or any other library that follows https://standardschema.dev, version 1. */
export interface StandardSchema<Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The issues that a schema has with a value. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  /** A line for each issue: where, then what. */
  readonly issues: readonly string[];
  /** The places of the issues, without the messages, which may quote the value. */
  readonly paths: readonly string[];

  constructor(issues: readonly SchemaIssue[]) {
    const paths = issues.map(pathOf);
    const lines = issues.map(({ message }, index) =>
      paths[index] === "" ? message : `${paths[index]}: ${message}`,
    );
    super(lines.join("; "));
    this.issues = lines;
    this.paths = paths;
  }
}

/** Gives what the schema makes of a value. Rejects with a `SchemaError`. */
export async function validate<T>(schema: StandardSchema<T>, value: unknown): Promise<T> {
  const result = await schema["~standard"].validate(value);
  if (result.issues !== undefined) throw new SchemaError(result.issues);
  return result.value;
}

function pathOf({ path = [] }: SchemaIssue): string {
  return path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
}
