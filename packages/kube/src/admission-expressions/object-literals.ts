/**
 * `Object.spec{replicas: 3}` as a call that the library can read: `newObject("Object.spec", {"replicas": 3})`. It knows
 * literals of maps and lists only. Texts and comments are passed over.
 */
export function asCalls(text: string): string {
  let result = "";
  const open: ("literal" | "other")[] = [];
  let isKey = false;
  for (const { 0: token } of text.matchAll(tokens)) {
    const literal = typeName.exec(token);
    if (literal !== null) {
      result += `newObject(${JSON.stringify(literal[1])}, {`;
      open.push("literal");
      isKey = true;
    } else if (isKey && /^[A-Za-z_]/.test(token)) {
      result += JSON.stringify(token);
      isKey = false;
    } else if (isKey && token === "?") {
      // Whether an optional field is there is found out from its value.
      continue;
    } else if (/^[{([]$/.test(token)) {
      result += token;
      open.push("other");
      isKey = false;
    } else if (/^[})\]]$/.test(token)) {
      result += open.pop() === "literal" ? "})" : token;
      isKey = false;
    } else {
      result += token;
      if (token.trim() !== "" && !token.startsWith("//")) isKey = token === "," && open.at(-1) === "literal";
    }
  }
  return result;
}

const typeName = /^((?:Object|JSONPatch)(?:\s*\.\s*[A-Za-z_]\w*)*)\s*\{$/;

/** Texts (raw and in three quotes, too), comments, the beginning of a literal, names with all that they select, and the rest one by one. */
const tokens = new RegExp(
  [
    String.raw`[rRbB]{0,2}"""[\s\S]*?"""`,
    String.raw`[rRbB]{0,2}'''[\s\S]*?'''`,
    String.raw`[bB]?[rR]"[^"\n]*"`,
    String.raw`[bB]?[rR]'[^'\n]*'`,
    String.raw`[bB]?"(?:\\.|[^"\\])*"`,
    String.raw`[bB]?'(?:\\.|[^'\\])*'`,
    String.raw`//[^\n]*`,
    String.raw`(?<![\w.])(?:Object|JSONPatch)(?:\s*\.\s*[A-Za-z_]\w*)*\s*\{`,
    String.raw`[A-Za-z_]\w*`,
    String.raw`\s+`,
    String.raw`[\s\S]`,
  ].join("|"),
  "g",
);
