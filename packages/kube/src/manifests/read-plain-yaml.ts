import { isCollection, isScalar, parseDocument, visit, type Document } from "yaml";
import { isSpecialWord } from "./plain-word.ts";
import { readPlainFlow } from "./read-plain-flow.ts";
import type { SpotNotes } from "./spot-notes.ts";
import { yamlOptions } from "./yaml-options.ts";

/**
 * Reads a document that is written as nearly all manifests are: maps and lists in lines of their own, values in one line,
 * literal blocks. It is many times as fast as the YAML reader, and gives undefined for whatever is not as plain as that, or is
 * wrong: then the YAML reader has the word. Where everything stands is noted only where somebody wants to know it.
 */
export function readPlainYaml(text: string, notes?: SpotNotes): { readonly value: unknown } | undefined {
  if (/[\r\t]/.test(text) || text.includes("\0")) return undefined;
  try {
    return { value: new PlainReader(text, notes).read() };
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

const notPlain = new Error("not plain YAML");
/** Deeper ones are left to the YAML reader. */
const mostDepth = 100;
/** YAML has no key of more than 1,024 characters before its colon. */
const mostKey = 1_000;

const keyAndRest = /^([A-Za-z_][\w./-]*|"[^"\\]*") *:(?: +(.*))?$/;
const surelyText = /^[A-Za-z_/](?:[^\s:#]|:(?=[^\s#])|(?<=\S)#| (?=[^\s#:]))*$/;

class PlainReader {
  readonly #lines: string[];
  readonly #notes: SpotNotes | undefined;
  #at = 0;
  #depth = 0;

  constructor(text: string, notes: SpotNotes | undefined) {
    this.#lines = text.split("\n");
    this.#notes = notes;
  }

  read(): unknown {
    this.#skip();
    const first = this.#lines[this.#at];
    if (first?.startsWith("---") === true) {
      if (!/^---\s*(?:\s#.*)?$/.test(first)) throw notPlain;
      this.#at += 1;
      this.#skip();
    }
    if (this.#at >= this.#lines.length) return null;
    const value = this.#block(this.#indent());
    if (this.#at < this.#lines.length) throw notPlain;
    return value;
  }

  /** Goes to the next line that is neither empty nor a comment. */
  #skip(): void {
    while (this.#at < this.#lines.length && /^ *(?:#.*)?$/.test(this.#lines[this.#at]!)) this.#at += 1;
  }

  /** How far the current line is indented; -1 at the end. */
  #indent(): number {
    return this.#at < this.#lines.length ? this.#lines[this.#at]!.search(/[^ ]/) : -1;
  }

  #block(indent: number): unknown {
    this.#depth += 1;
    if (this.#depth > mostDepth) throw notPlain;
    this.#notes?.enterBlock(this.#at, indent);
    const value = this.#startsItem(indent) ? this.#list(indent) : this.#map(indent);
    this.#notes?.leaveBlock();
    this.#depth -= 1;
    return value;
  }

  #startsItem(indent: number): boolean {
    const line = this.#lines[this.#at]!;
    return line[indent] === "-" && (line[indent + 1] === " " || line.length === indent + 1);
  }

  #list(indent: number): unknown[] {
    const items: unknown[] = [];
    while (this.#indent() === indent && this.#startsItem(indent)) {
      const line = this.#lines[this.#at]!;
      const rest = line.slice(indent + 1).trimStart();
      this.#notes?.item(items.length);
      if (keyAndRest.test(rest)) {
        // The map begins in this line: it is read as if the dash were a space.
        this.#lines[this.#at] = " ".repeat(line.length - rest.length) + rest;
        items.push(this.#block(line.length - rest.length));
      } else {
        if (/^-(?: |$)/.test(rest)) throw notPlain;
        items.push(this.#value(rest, indent, false));
      }
    }
    if (this.#indent() > indent) throw notPlain;
    return items;
  }

  #map(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    while (this.#indent() === indent) {
      const [, written = "", rest = ""] = keyAndRest.exec(this.#lines[this.#at]!.slice(indent)) ?? [];
      const key = written.startsWith('"') ? written.slice(1, -1) : written;
      const isBad =
        written === "" ||
        written.length > mostKey ||
        (isSpecialWord(written) && key === written) ||
        key === "__proto__";
      if (isBad || Object.hasOwn(map, key)) throw notPlain;
      this.#notes?.key(key, this.#at, indent, written.length);
      map[key] = this.#value(rest, indent, true);
    }
    if (this.#indent() > indent) throw notPlain;
    return map;
  }

  /** The value that begins behind a key or a dash, of which the line is left. */
  #value(rest: string, indent: number, isInMap: boolean): unknown {
    const written = rest.trimEnd();
    this.#notes?.value(written, this.#at, this.#lines[this.#at]!.length - rest.length);
    this.#at += 1;
    if (written === "" || written.startsWith("#")) {
      this.#skip();
      const next = this.#indent();
      if (next > indent) return this.#block(next);
      return isInMap && next === indent && this.#startsItem(next) ? this.#block(next) : null;
    }
    if (written === "|" || written === "|-") return this.#literal(indent, written === "|");
    const value = scalar(written);
    this.#skip();
    // A value that goes on in the next line.
    if (this.#indent() > indent) throw notPlain;
    return value;
  }

  #literal(indent: number, keepsBreak: boolean): string {
    const start = this.#at;
    while (this.#at < this.#lines.length && /^ *$/.test(this.#lines[this.#at]!)) this.#at += 1;
    const inner = this.#indent();
    if (inner <= indent || this.#lines.slice(start, this.#at).some((line) => line !== "")) throw notPlain;
    const lines = this.#lines.slice(start, this.#at);
    for (; this.#at < this.#lines.length; this.#at += 1) {
      const line = this.#lines[this.#at]!;
      if (line.search(/[^ ]/) >= 0 && line.search(/[^ ]/) < inner) break;
      lines.push(line.slice(inner));
    }
    while (lines.at(-1) === "") lines.pop();
    this.#skip();
    if (this.#indent() > indent) throw notPlain;
    return lines.join("\n") + (keepsBreak ? "\n" : "");
  }
}

function scalar(written: string): unknown {
  if (/^(?:0|[1-9]\d{0,14})$/.test(written)) return Number(written);
  if (surelyText.test(written) && !isSpecialWord(written)) return written;
  const [, quoted] = /^"([^"\\]*)"$/.exec(written) ?? /^'([^']*)'$/.exec(written) ?? [];
  return quoted ?? readPlainFlow(written) ?? resolved(written);
}

const known = new Map<string, unknown>();
const mostKnown = 10_000;

/** What the YAML reader says of a value in one line. Most of them come again and again. */
function resolved(written: string): unknown {
  // What may be an anchor, an alias, a tag, a directive, a block or a document is not a value in one line.
  if (/^[&*!%@`?|>]|^---|^\.\.\.|<<|[&*!]/.test(written)) throw notPlain;
  // Brackets that are not closed in their line, lists and maps behind a key: the YAML reader is asked for them once, not twice.
  const isOpen = /^[[{]/.test(written) && written.split(/[[{]/).length !== written.split(/[\]}]/).length;
  if (isOpen || /^-(?: |$)|^[^'"[{#][^#]*: /.test(written)) throw notPlain;
  if (!known.has(written)) {
    const document = parseDocument(written, { ...yamlOptions, uniqueKeys: true });
    const value: unknown = isPlain(document) ? document.toJS() : notPlain;
    if (known.size >= mostKnown) known.clear();
    known.set(written, value);
  }
  const value = known.get(written);
  if (value === notPlain) throw notPlain;
  return typeof value === "object" && value !== null ? structuredClone(value) : value;
}

function isPlain({ errors, contents }: Document.Parsed): boolean {
  // Without brackets, a colon or a dash makes a map or a list where only a value may be.
  if (errors.length > 0 || (isCollection(contents) && contents.flow !== true)) return false;
  let hasPlainKeys = true;
  visit(contents, {
    Pair(_, { key }) {
      if (!isScalar(key)) hasPlainKeys = false;
    },
  });
  return hasPlainKeys;
}
