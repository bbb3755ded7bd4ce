import { bytes, type Dice, tokenChars } from "./dice.ts";
import { canary, type CaseMaker, cut, type FuzzCase, head, refused } from "./fuzz-case.ts";

/** Bodies in chunks: RFC 9112, section 7.1. */
export const chunkedBodies: CaseMaker = (dice, index) => {
  const data = dice.text(anyByte, 1, 30);
  const post = (rest: string): string => `${head("POST", "/any", [chunkedLine])}${chunk(dice, data)}${rest}`;
  switch (dice.below(10)) {
    case 0:
    case 1:
      return wholeBody(dice);
    case 2:
      return refused("a size that is none", post(`${dice.pick(badSizes)}\r\n${data}\r\n0\r\n\r\n`));
    case 3:
      return refused(
        "a size beyond all",
        post(`${dice.pick(["f", "1", "8"])}${"f0".repeat(8 + dice.below(20))}\r\n${data}`),
      );
    case 4: {
      const [afterSize, afterData, atEnd] = dice.pick(badLineEnds);
      return refused(
        "a line of chunks that does not end in CRLF",
        `${post("")}1${afterSize}x${afterData}0${atEnd}`,
      );
    }
    case 5:
      return refused(
        "a chunk that is longer or shorter than its size",
        post(`${dice.pick(["1", "3"])}\r\nxx\r\n0\r\n\r\n`),
      );
    case 6: {
      const extension = dice.pick(badExtensions);
      return refused("an extension that is none", post(`1${extension}\r\nx\r\n0\r\n\r\n`));
    }
    case 7: {
      const trailer = dice.pick(badTrailers);
      return refused("a trailer that is none, or may not be", post(`0\r\n${trailer}\r\n\r\n`));
    }
    case 8: {
      const isTrailer = dice.chance(0.5);
      const long = "a".repeat(17_000 + dice.below(3_000));
      return refused(
        isTrailer ? "a trailer that is too long" : "an extension that is too long",
        post(isTrailer ? `0\r\nx: ${long}\r\n\r\n` : `1;${long}\r\nx\r\n0\r\n\r\n`),
        [isTrailer ? 431 : 413],
      );
    }
    default: {
      const whole = `5\r\n${canary(index).slice(0, 5)}\r\n0\r\n\r\n`;
      return cut("chunks that end too soon", post(whole.slice(0, dice.below(whole.length))), [400]);
    }
  }
};

const anyByte = bytes(0x00, 0xff);
const chunkedLine = "Transfer-Encoding: chunked";
const badSizes = [
  "",
  "-1",
  "+1",
  "0x1",
  " 1",
  "1 ",
  "1\t",
  "g",
  "1_0",
  "1.0",
  "\xef\xbc\x91",
  "\x00",
  "1\x00",
  ",1",
  '"1"',
];
const badLineEnds: readonly (readonly [afterSize: string, afterData: string, atEnd: string])[] = [
  ["\n", "\r\n", "\r\n\r\n"],
  ["\r\n", "\n", "\r\n\r\n"],
  ["\r\n", "\r\n", "\n\n"],
  ["\r\n", "\r\n", "\r\n\n"],
  ["\r", "\r\n", "\r\n\r\n"],
  ["\r\r", "\r\n", "\r\n\r\n"],
  ["\r\n", "\r", "\r\n\r\n"],
  ["\r\n", "", "\r\n\r\n"],
  ["\r\n", "\n\r", "\r\n\r\n"],
];
const badExtensions = [
  ";a\nb",
  ";\n",
  ";a\rb",
  ';a="b',
  ";a=\x00",
  ";a\x01",
  ";a=b\x7fc",
  ';a="\n"',
  ";\x0b",
];
const badTrailers = [
  "x y: 1",
  ": 1",
  "x : 1",
  "x",
  "x: a\nb: c",
  "x: \x00",
  "x: 1\r\n folded",
  "\x80: 1",
  "Content-Length: 5",
  "Transfer-Encoding: chunked",
  "content-length: 5\r\nx: 1",
];

function wholeBody(dice: Dice): FuzzCase {
  const pieces = Array.from({ length: 1 + dice.below(5) }, () => dice.text(anyByte, 1, 30));
  const trailer = dice.pick(["", "", `x-${dice.text(tokenChars, 1, 9)}: ${dice.text(tokenChars, 0, 9)}\r\n`]);
  const bytes = `${head("POST", "/any", [chunkedLine])}${pieces.map((piece) => chunk(dice, piece)).join("")}0\r\n${trailer}\r\n`;
  return { name: "chunks", bytes, statuses: [200], connection: "goes on", body: pieces.join("") };
}

function chunk(dice: Dice, data: string): string {
  const size = data.length.toString(16);
  const extension = dice.pick(["", "", ";a", ";a=b", ';a="b c"', `;${dice.text("abc", 1, 40)}=1;d`]);
  return `${dice.pick(["", "0", "0000"])}${dice.pick([size, size.toUpperCase()])}${extension}\r\n${data}\r\n`;
}
