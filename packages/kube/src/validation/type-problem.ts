import { isQuantity } from "../quantity/quantity.ts";

/** What a scalar of the schema should have been, or undefined when the value is good. */
export function findTypeProblem(type: string, value: unknown): string | undefined {
  const scalar = scalars[type];
  return scalar === undefined || scalar.accepts(value) ? undefined : scalar.expected;
}

interface Scalar {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const isString = (value: unknown): value is string => typeof value === "string";

const scalars: Readonly<Record<string, Scalar>> = {
  string: { expected: "a string", accepts: isString },
  integer: { expected: "a whole number", accepts: (value) => Number.isInteger(value) },
  number: { expected: "a number", accepts: (value) => typeof value === "number" },
  boolean: { expected: "true or false", accepts: (value) => typeof value === "boolean" },
  intOrString: {
    expected: "a whole number or a string",
    accepts: (value) => isString(value) || Number.isInteger(value),
  },
  quantity: { expected: 'a quantity like "250m" or "64Mi"', accepts: isQuantity },
  time: { expected: "an RFC 3339 time", accepts: isTime },
  base64: { expected: "a base64 string", accepts: isBase64 },
};

function isTime(value: unknown): boolean {
  const syntax = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
  return isString(value) && syntax.test(value) && !Number.isNaN(Date.parse(value));
}

/** As Go's encoding/base64 reads it: standard alphabet, padded, line breaks allowed. */
function isBase64(value: unknown): boolean {
  if (!isString(value)) return false;
  const text = value.replace(/[\r\n]/g, "");
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
