import { SeaworthyError } from "@seaworthy/errors";
import type { LabelSelector, LabelSelectorRequirement } from "../object.ts";

/**
 * Parses `app=web,tier in (a,b),!legacy` by the grammar of `kubectl --selector`.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 * A bound (`cores>4`) becomes an expression with the operator Gt or Lt.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const parser: Parser = { text, tokens: scan(text), at: 0 };
  const matchLabels = new Map<string, string>();
  const matchExpressions: LabelSelectorRequirement[] = [];
  for (let first = true; peek(parser) !== undefined; first = false) {
    if (!first) expect(parser, ",");
    const requirement = parseRequirement(parser);
    const [value] = requirement.values;
    if (requirement.operator !== "=" || value === undefined || matchLabels.has(requirement.key)) {
      const operator = requirement.operator === "=" ? "In" : requirement.operator;
      matchExpressions.push({ key: requirement.key, operator, ...valuesField(requirement.values) });
    } else {
      matchLabels.set(requirement.key, value);
    }
  }
  return {
    ...(matchLabels.size === 0 ? {} : { matchLabels: Object.fromEntries(matchLabels) }),
    ...(matchExpressions.length === 0 ? {} : { matchExpressions }),
  };
}

interface Requirement {
  readonly key: string;
  readonly operator: "=" | "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values: readonly string[];
}

interface Parser {
  readonly text: string;
  readonly tokens: readonly string[];
  at: number;
}

const symbols = new Set(["!", "=", "==", "!=", ">", "<", "(", ")", ","]);

function scan(text: string): string[] {
  return text.match(/==|!=|[=!()<>,]|[^\s=!()<>,]+/g) ?? [];
}

function parseRequirement(parser: Parser): Requirement {
  if (peek(parser) === "!") {
    parser.at += 1;
    return { key: parseKey(parser), operator: "DoesNotExist", values: [] };
  }
  const key = parseKey(parser);
  const next = peek(parser);
  if (next === undefined || next === ",") return { key, operator: "Exists", values: [] };
  parser.at += 1;
  switch (next) {
    case "in":
      return { key, operator: "In", values: parseValues(parser) };
    case "notin":
      return { key, operator: "NotIn", values: parseValues(parser) };
    case "=":
    case "==":
      return { key, operator: "=", values: [parseValue(parser)] };
    case "!=":
      return { key, operator: "NotIn", values: [parseValue(parser)] };
    case ">":
    case "<":
      return { key, operator: next === ">" ? "Gt" : "Lt", values: [parseBound(parser)] };
    default:
      throw notASelector(parser, `found '${next}', expected: in, notin, =, ==, !=, >, <`);
  }
}

function parseKey(parser: Parser): string {
  const token = peek(parser);
  if (token === undefined || symbols.has(token)) {
    throw notASelector(parser, `found '${token ?? ""}', expected: identifier`);
  }
  const slash = token.lastIndexOf("/");
  const [prefix, name] = slash < 0 ? [undefined, token] : [token.slice(0, slash), token.slice(slash + 1)];
  const isGood = isLabelText(name) && name !== "" && (prefix === undefined || isDnsSubdomain(prefix));
  if (!isGood) throw notASelector(parser, `'${token}' is not a label key`);
  parser.at += 1;
  return token;
}

/** An absent value is the empty one: `a=` and `a=,b`. */
function parseValue(parser: Parser): string {
  const token = peek(parser);
  if (token === undefined || token === ",") return "";
  if (symbols.has(token)) throw notASelector(parser, `found '${token}', expected: identifier`);
  if (!isLabelText(token)) throw notASelector(parser, `'${token}' is not a label value`);
  parser.at += 1;
  return token;
}

function parseBound(parser: Parser): string {
  const value = parseValue(parser);
  if (/^[+-]?\d+$/.test(value)) return value;
  throw notASelector(parser, `'${value}' is not a whole number, which > and < need`);
}

function parseValues(parser: Parser): string[] {
  expect(parser, "(");
  const values = new Set<string>();
  for (;;) {
    values.add(peek(parser) === ")" ? "" : parseValue(parser));
    if (peek(parser) !== ",") break;
    parser.at += 1;
  }
  expect(parser, ")", "',' or ')'");
  return [...values].sort();
}

function valuesField(values: readonly string[]): { values?: string[] } {
  return values.length === 0 ? {} : { values: [...values] };
}

function peek(parser: Parser): string | undefined {
  return parser.tokens[parser.at];
}

function expect(parser: Parser, token: string, expected = `'${token}'`): void {
  const found = peek(parser);
  if (found !== token) throw notASelector(parser, `found '${found ?? ""}', expected: ${expected}`);
  parser.at += 1;
}

function notASelector(parser: Parser, seen: string): SeaworthyError {
  return new SeaworthyError("SW1109", `${JSON.stringify(parser.text)} is not a label selector: ${seen}`, {
    next: ['write it like "app=web", "app=web,tier!=cache" or "env in (a,b)"'],
  });
}

function isLabelText(text: string): boolean {
  return text === "" || (text.length <= 63 && /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(text));
}

function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text);
}
