/** What Go's decoder says of a text that is not a JSON object; of the faults inside only the commonest are told apart. */
export function goJsonProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return "unexpected end of JSON input";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return /^[{["\d\-tfn]/.test(trimmed)
      ? "unexpected end of JSON input"
      : `invalid character ${showCharacter(trimmed)} looking for beginning of value`;
  }
  if (value === null || (typeof value === "object" && !Array.isArray(value))) return undefined;
  const kind = Array.isArray(value) ? "array" : value === true || value === false ? "bool" : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}

function showCharacter(text: string): string {
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return character === "'" ? `'\\''` : `'${character}'`;
}
