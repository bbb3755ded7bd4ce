import { seededRandom } from "../../packages/service/src/faults/random.ts";

/** Chance with a seed: the same seed gives the same throws. */
export interface Dice {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  chance(share: number): boolean;
  /** Characters of an alphabet, in number from `least` to `most`. */
  text(alphabet: string, least: number, most: number): string;
}

/** Makes dice for one case of a run, so that a case can be thrown again without those before it. */
export function diceFor(seed: number, index: number): Dice {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) + Math.imul(index, 0x85ebca6b));
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    below,
    pick<T>(list: readonly T[]): T {
      return list[below(list.length)] as T;
    },
    chance: (share) => random() < share,
    text(alphabet, least, most) {
      let text = "";
      for (let left = least + below(most - least + 1); left > 0; left -= 1)
        text += alphabet[below(alphabet.length)];
      return text;
    },
  };
}

/** All bytes from one to another, as characters of Latin-1. */
export function bytes(first: number, last: number): string {
  return String.fromCharCode(...Array.from({ length: last - first + 1 }, (_, index) => first + index));
}

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** RFC 9110, section 5.6.2. */
export const tokenChars = `${alphanumeric}!#$%&'*+-.^_\`|~`;
/** RFC 3986, section 3.3, without %. */
export const pathChars = `${alphanumeric}-._~!$&'()*+,;=:@`;
/** RFC 9110, section 5.5: what a field's value may have within. */
export const valueChars = `\t${bytes(0x20, 0x7e)}${bytes(0x80, 0xff)}`;

/** The words of a text. */
export function words(text: string): readonly string[] {
  return text.split(" ");
}
