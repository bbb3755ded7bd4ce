import { goEscapes } from "../../../go/go-text.ts";

/**
 * What Go's decoder says of bytes that are not a JSON object; undefined when they are one. Each character stands for a byte.
 * https://github.com/golang/go/blob/go1.26.0/src/encoding/json/scanner.go
 */
export function goJsonProblem(bytes: string): string | undefined {
  const scanner = new Scanner(bytes);
  try {
    scanner.scan();
  } catch (error) {
    return (error as Error).message;
  }
  const first = bytes.trimStart().charAt(0);
  const kind = kinds[first] ?? (/[-\d]/.test(first) ? "number" : undefined);
  return kind === undefined
    ? undefined
    : `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}

const kinds: Readonly<Record<string, string>> = { "[": "array", '"': "string", t: "bool", f: "bool" };

class Scanner {
  readonly #bytes: string;
  #at = 0;

  constructor(bytes: string) {
    this.#bytes = bytes;
  }

  scan(): void {
    this.#value();
    this.#spaces();
    if (this.#at < this.#bytes.length) this.#refuse("after top-level value");
  }

  #value(): void {
    this.#spaces();
    const first = this.#peek();
    if (first === "{") this.#object();
    else if (first === "[") this.#array();
    else if (first === '"') this.#string();
    else if (first === "-" || isDigit(first)) this.#number();
    else if (first === "t") this.#literal("true");
    else if (first === "f") this.#literal("false");
    else if (first === "n") this.#literal("null");
    else this.#refuse("looking for beginning of value");
  }

  #object(): void {
    this.#at += 1;
    this.#spaces();
    if (this.#take("}")) return;
    do {
      this.#spaces();
      if (this.#peek() !== '"') this.#refuse("looking for beginning of object key string");
      this.#string();
      this.#spaces();
      if (!this.#take(":")) this.#refuse("after object key");
      this.#value();
      this.#spaces();
    } while (this.#take(","));
    if (!this.#take("}")) this.#refuse("after object key:value pair");
  }

  #array(): void {
    this.#at += 1;
    this.#spaces();
    if (this.#take("]")) return;
    do {
      this.#value();
      this.#spaces();
    } while (this.#take(","));
    if (!this.#take("]")) this.#refuse("after array element");
  }

  #string(): void {
    this.#at += 1;
    while (!this.#take('"')) {
      if (this.#peek() < " ") this.#refuse("in string literal");
      if (!this.#take("\\")) this.#at += 1;
      else if (this.#take("u")) {
        for (let digit = 0; digit < 4; digit += 1) {
          if (!/[\da-fA-F]/.test(this.#peek())) this.#refuse("in \\u hexadecimal character escape");
          this.#at += 1;
        }
      } else {
        if (!'bfnrt\\/"'.includes(this.#peek())) this.#refuse("in string escape code");
        this.#at += 1;
      }
    }
  }

  #number(): void {
    if (this.#take("-") && !isDigit(this.#peek())) this.#refuse("in numeric literal");
    if (!this.#take("0")) this.#digits("in numeric literal");
    if (this.#take(".")) this.#digits("after decimal point in numeric literal");
    if (this.#take("e") || this.#take("E")) {
      if (!this.#take("+")) this.#take("-");
      this.#digits("in exponent of numeric literal");
    }
  }

  #digits(where: string): void {
    if (!isDigit(this.#peek())) this.#refuse(where);
    while (this.#at < this.#bytes.length && isDigit(this.#bytes.charAt(this.#at))) this.#at += 1;
  }

  #literal(word: string): void {
    for (const letter of word)
      if (!this.#take(letter)) this.#refuse(`in literal ${word} (expecting '${letter}')`);
  }

  #spaces(): void {
    while (this.#at < this.#bytes.length && " \t\r\n".includes(this.#bytes.charAt(this.#at))) this.#at += 1;
  }

  #take(character: string): boolean {
    if (this.#bytes.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }

  #peek(): string {
    if (this.#at >= this.#bytes.length) throw new SyntaxError("unexpected end of JSON input");
    return this.#bytes.charAt(this.#at);
  }

  #refuse(where: string): never {
    throw new SyntaxError(`invalid character ${showByte(this.#peek())} ${where}`);
  }
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9" && character !== "";
}

/** A byte in quotes, as Go shows the character of that number. */
function showByte(character: string): string {
  if (character === "'") return `'\\''`;
  const short = goEscapes[character];
  if (short !== undefined) return `'${short}'`;
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, "0");
  if (code < 0x20 || code === 0x7f) return `'\\x${hex}'`;
  return (code >= 0x80 && code <= 0xa0) || code === 0xad ? `'\\u00${hex}'` : `'${character}'`;
}
