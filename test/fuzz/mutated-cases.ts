import { bytes, type Dice } from "./dice.ts";
import type { CaseMaker } from "./fuzz-case.ts";

const anyByte = bytes(0x00, 0xff);
/** What parsers trip over. */
const pieces = [
  "\r\n",
  "\r",
  "\n",
  "\r\n\r\n",
  "\0",
  ":",
  " ",
  "\t",
  "%",
  ";",
  ",",
  "HTTP/1.1",
  "0\r\n\r\n",
  "chunked",
  "\xff".repeat(9),
];

/** A mutant of a request with another one inside may be two requests: theirs do not count as smuggled. */
const ofMutants = -1;

/**
 * Makes mutants of the cases of other groups: bytes are changed, left out, put in and doubled. Whether one is still right
 * is not known; but whatever it is, it has answers or an end.
 */
export function mutantsOf(makers: readonly CaseMaker[]): CaseMaker {
  return (dice) => {
    let { bytes } = dice.pick(makers)(dice, ofMutants);
    for (let left = 1 + dice.below(6); left > 0; left -= 1) bytes = mutate(dice, bytes);
    // Times that a mutant asks for would be waited for, and nobody could tell which of its answers are for HEAD.
    bytes = bytes.replaceAll(/\/(?:delay|chunked|events)/g, "/x").replaceAll("HEAD", "GET");
    return { name: "a mutant", bytes, connection: "cut", echo: "as sent" };
  };
}

function mutate(dice: Dice, text: string): string {
  const at = dice.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + dice.below(8));
  switch (dice.below(5)) {
    case 0:
      return text.slice(0, at) + dice.text(anyByte, 1, 1) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return text.slice(0, at) + dice.pick(pieces) + text.slice(at);
    case 3:
      return text.slice(0, end) + text.slice(at);
    default:
      return text.slice(0, at);
  }
}
