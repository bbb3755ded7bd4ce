/** A field of a JSON text, where it stands in it. */
export interface WrittenField {
  /** As Kubernetes writes it: `spec.containers[0].image`. */
  readonly path: string;
  /** Whether its object has had a field of this name before. */
  readonly isRepeated: boolean;
}

/**
 * Whether a field stands twice in one object of a JSON text, of which the last one is in `value`. It counts the fields here
 * and there, because reading the text a second time would take longer than all the rest of a request.
 */
export function hasRepeatedFields(text: string, value: unknown): boolean {
  return countColons(text) !== countFields(value);
}

/**
 * The fields of a JSON text, in the order in which they stand in it. The text must have been read before, so that it is known to
 * be JSON.
 */
export function writtenFields(text: string): WrittenField[] {
  const fields: WrittenField[] = [];
  const open: Level[] = [];
  let path = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    const level = open.at(-1);
    if (character === "{") open.push({ path, names: new Set(), index: 0 });
    else if (character === "[") {
      open.push({ path, names: undefined, index: 0 });
      path = `${path}[0]`;
    } else if (character === "}" || character === "]") path = open.pop()?.path ?? "";
    else if (character === "," && level !== undefined && level.names === undefined) {
      level.index += 1;
      path = `${level.path}[${level.index}]`;
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (level?.names !== undefined && isKey(text, end)) {
        const name = JSON.parse(text.slice(at, end + 1)) as string;
        path = level.path === "" ? name : `${level.path}.${name}`;
        fields.push({ path, isRepeated: level.names.has(name) });
        level.names.add(name);
      }
      at = end;
    }
  }
  return fields;
}

/** An object or a list that has begun. */
interface Level {
  readonly path: string;
  /** Undefined in a list. */
  readonly names: Set<string> | undefined;
  index: number;
}

/** The closing quote of the string that begins at `at`. */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === backslash) slashes += 1;
  return slashes % 2 === 1;
}

function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= space) at += 1;
  return text.charCodeAt(at) === colon;
}

const [backslash, quote, colon, space] = [0x5c, 0x22, 0x3a, 0x20];

function countColons(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === colon) count += 1;
  }
  return count;
}

/** It does not call itself, so that nothing is nested too deep for it. */
function countFields(value: unknown): number {
  let count = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    const values: unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) count += values.length;
    for (const each of values) if (typeof each === "object" && each !== null) waiting.push(each);
  }
  return count;
}
