import { SeaworthyError } from "@seaworthy/errors";

/** One term of a field selector. */
export interface FieldRequirement {
  /** The field as the selector names it: `status.phase`. */
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/**
 * Parses `status.phase=Running,spec.nodeName!=n1`. A backslash escapes a comma, an equals sign or itself.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/fields/selector.go
 */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitTerms(text)
    .filter((term) => term !== "")
    .map((term) => parseTerm(term, text));
}

/** Whether fields match every term; a field that is absent has the value "". */
export function matchesFieldSelector(
  requirements: readonly FieldRequirement[],
  fields: (field: string) => string | undefined,
): boolean {
  return requirements.every(
    ({ field, operator, value }) => ((fields(field) ?? "") === value) === (operator === "="),
  );
}

function splitTerms(text: string): string[] {
  return text.match(/(?:\\.|[^\\,]|\\$)+/gs) ?? [];
}

function parseTerm(term: string, text: string): FieldRequirement {
  const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
  const [, field = "", operator = "", raw = ""] = match ?? [];
  const value = unescape(raw);
  if (match === null || value === undefined) {
    throw new SeaworthyError("SW1109", `${JSON.stringify(text)} is not a field selector: ${term}`, {
      next: ['write it like "metadata.name=web" or "status.phase!=Running"'],
    });
  }
  return { field: field.trim(), operator: operator === "!=" ? "!=" : "=", value };
}

/** The value without its escapes, or undefined when it holds a bare special character or a bad escape. */
function unescape(raw: string): string | undefined {
  if (!/^(?:\\[\\,=]|[^\\,=])*$/s.test(raw)) return undefined;
  return raw.replace(/\\([\\,=])/g, "$1");
}
