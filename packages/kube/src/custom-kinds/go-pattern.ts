/**
 * A pattern as Go's regexp reads it (RE2, https://github.com/google/re2/wiki/Syntax), as an expression of JavaScript.
 * Throws a SyntaxError for what neither of them can read.
 */
export function goPattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

const mostCompiled = 2000;
const compiled = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  const text = withScopedFlags(translate(pattern));
  try {
    return new RegExp(text, "u");
  } catch {
    // Go takes escapes of letters that mean nothing, which JavaScript does only without `u`.
    return new RegExp(text);
  }
}

/** In Go `(?i)` holds to the end of the group that it stands in; in JavaScript what it holds for has to be inside of it. */
function withScopedFlags(pattern: string): string {
  const opened = [0];
  let isInClass = false;
  const text = pattern.replaceAll(/\\.|\(\?([imsU]+)\)|[()[\]]/gs, (token, flags?: string) => {
    if (token.startsWith("\\")) return token;
    if (isInClass) {
      if (token === "]") isInClass = false;
      return token;
    }
    if (token === "[") isInClass = true;
    if (token === "(") opened.push(0);
    if (token === ")") return ")".repeat((opened.pop() ?? 0) + 1);
    if (flags === undefined) return token;
    const kept = flags.replaceAll("U", "");
    if (kept === "") return "";
    opened.push((opened.pop() ?? 0) + 1);
    return `(?${kept}:`;
  });
  return text + ")".repeat(opened[0] ?? 0);
}

const classes: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** What the two write differently. */
function translate(pattern: string): string {
  return pattern
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replaceAll(/\\(.)/gs, (escape, letter: string) => {
      if (letter === "A") return "^";
      if (letter === "z") return "$";
      if (letter === "a") return "\\x07";
      return /[-"'`~!@#%&=:;<>, _]/.test(letter) ? plain(letter) : escape;
    })
    .replaceAll(/\\p([A-Z])(?![A-Za-z{])/g, "\\p{$1}")
    .replaceAll(/\\P([A-Z])(?![A-Za-z{])/g, "\\P{$1}")
    .replaceAll(/\\x\{([0-9A-Fa-f]+)\}/g, "\\u{$1}")
    .replaceAll("(?P<", "(?<");
}

/** A character that Go lets be escaped anywhere: a dash stays escaped, since it may stand in a class. */
function plain(letter: string): string {
  return letter === "-" ? "\\x2d" : letter;
}
