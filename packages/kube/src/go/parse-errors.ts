/** What resource.ParseQuantity says of a value; undefined when it is a quantity. */
export function quantityError(value: unknown): string | undefined {
  const text = typeof value === "string" ? value.trim() : JSON.stringify(value);
  const [, number = "", suffix = ""] = /^([+-]?\d*(?:\.\d*)?)([eEinumkKMGTP]*[+-]?\d*)$/.exec(text) ?? [];
  if (text === "" || `${number}${suffix}` !== text)
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  if (!/^([numkMGTPE]?|[KMGTPE]i|[eE][+-]?\d+)$/.test(suffix)) return "unable to parse quantity's suffix";
  return undefined;
}

/** Where base64.StdEncoding stops in a text; undefined when it does not. */
export function base64Error(text: string): string | undefined {
  const at = base64Fault(text);
  return at === undefined ? undefined : `illegal base64 data at input byte ${at}`;
}

function base64Fault(text: string): number | undefined {
  const bytes = Buffer.from(text);
  const isBreak = (at: number): boolean => bytes[at] === 10 || bytes[at] === 13;
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (isBreak(at)) continue;
    const character = String.fromCharCode(bytes[at] ?? 0);
    if (/[A-Za-z0-9+/]/.test(character)) {
      count += 1;
      continue;
    }
    if (character !== "=" || count % 4 < 2) return at;
    let next = at + 1;
    while (isBreak(next)) next += 1;
    if (count % 4 === 2) {
      if (next === bytes.length) return next;
      if (bytes[next] !== 61) return next - 1;
      next += 1;
      while (isBreak(next)) next += 1;
    }
    return next < bytes.length ? next : undefined;
  }
  return count % 4 === 0 ? undefined : bytes.length - (count % 4);
}

/** What time.Parse says of a text as RFC 3339 with so many digits after the point; undefined when it is a time. */
export function timeError(text: string, digits: 0 | 6): string | undefined {
  const fraction = digits === 0 ? "" : `.${"0".repeat(digits)}`;
  const layout = `2006-01-02T15:04:05${fraction}Z07:00`;
  const wrong = `parsing time ${quoteTime(text)}`;
  let rest = text;
  const numbers: number[] = [];
  for (const [element, form] of timeElements) {
    if (element === ".000000" && digits === 0) {
      // A fraction is taken though the layout has none.
      rest = rest.replace(/^[.,]\d+/, "");
      continue;
    }
    const matched = form.exec(rest)?.[0];
    if (matched === undefined)
      return `${wrong} as ${quoteTime(layout)}: cannot parse ${quoteTime(rest)} as ${quoteTime(element)}`;
    if (/^\d+$/.test(matched)) numbers.push(Number(matched));
    rest = rest.slice(matched.length);
    const outside = outsideOf(numbers, matched);
    if (outside !== undefined) return `${wrong}: ${outside} out of range`;
  }
  if (rest !== "") return `${wrong}: extra text: ${quoteTime(rest)}`;
  const [year = 0, month = 1, day = 1] = numbers;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day < 1 || day > days ? `${wrong}: day out of range` : undefined;
}

/** Package time quotes in a way of its own. */
function quoteTime(text: string): string {
  const bytes = Array.from(Buffer.from(text), (byte) => {
    if (byte === 34 || byte === 92) return `\\${String.fromCharCode(byte)}`;
    const isPlain = byte >= 32 && byte < 128;
    return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `"${bytes.join("")}"`;
}

const timeElements: readonly (readonly [element: string, form: RegExp])[] = [
  ["2006", /^\d{4}/],
  ["-", /^-/],
  ["01", /^\d{2}/],
  ["-", /^-/],
  ["02", /^\d{2}/],
  ["T", /^T/],
  // Go takes an hour of one digit, too.
  ["15", /^\d{1,2}/],
  [":", /^:/],
  ["04", /^\d{2}/],
  [":", /^:/],
  ["05", /^\d{2}/],
  [".000000", /^[.,]\d{6}/],
  ["Z07:00", /^(?:Z|[+-]\d{2}:\d{2})/],
];

/** The days of a month are looked at in the end. */
function outsideOf(numbers: readonly number[], matched: string): string | undefined {
  if (!/^\d+$/.test(matched)) return undefined;
  const value = numbers.at(-1) ?? 0;
  const [, ...limits] = [
    undefined,
    ["month", 1, 12],
    undefined,
    ["hour", 0, 23],
    ["minute", 0, 59],
    ["second", 0, 59],
  ] as const;
  const limit = limits[numbers.length - 2];
  return limit !== undefined && (value < limit[1] || value > limit[2]) ? limit[0] : undefined;
}
