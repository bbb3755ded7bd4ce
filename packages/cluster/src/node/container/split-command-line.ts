import { SeaworthyError } from "@seaworthy/errors";

/** Splits a command line into words as a POSIX shell does: quotes and backslashes, but no expansion. */
export function splitCommandLine(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let index = 0; index < line.length; index += 1) {
    const char = line[index]!;
    const next = line[index + 1];
    if (quote === "'") {
      if (char === "'") quote = undefined;
      else word += char;
    } else if (char === "\\" && next !== undefined && (quote === undefined || `$\`"\\`.includes(next))) {
      word = (word ?? "") + next;
      index += 1;
    } else if (quote === '"') {
      if (char === '"') quote = undefined;
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (quote !== undefined)
    throw new SeaworthyError("SW2004", `a quote is not closed in the command line: ${line}`);
  if (word !== undefined) words.push(word);
  return words;
}
