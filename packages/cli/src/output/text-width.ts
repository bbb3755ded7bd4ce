/** How many columns a text takes on a screen. A tab counts as the most that it can take. */
export function widthOf(text: string): number {
  if (isPlain.test(text)) return text.length;
  return charactersOf(text).reduce((sum, character) => sum + widthOfOne(character), 0);
}

/** The characters at the beginning of a text for which there is room. */
export function headOf(text: string, room: number): string {
  let [end, width] = [0, 0];
  // A character that people see is seldom longer, and a line may be endless.
  for (const character of charactersOf(text.slice(0, room * unitsOfOne))) {
    width += widthOfOne(character);
    if (width > room) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The characters at the end of a text for which there is room. */
export function tailOf(text: string, room: number): string {
  let [length, width] = [0, 0];
  for (const character of charactersOf(text.slice(-room * unitsOfOne)).toReversed()) {
    width += widthOfOne(character);
    if (width > room) break;
    length += character.length;
  }
  return length === 0 ? "" : text.slice(-length);
}

const isPlain = /^[ -~]*$/;
const unitsOfOne = 8;
const tabWidth = 8;
let segmenter: Intl.Segmenter | undefined;

/** What people take for one character: with its accents, or a whole family of emoji. */
function charactersOf(text: string): string[] {
  if (isPlain.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function widthOfOne(character: string): number {
  if (character === "\t") return tabWidth;
  if (invisible.test(character)) return 0;
  return wide.test(character) || character.includes("\ufe0f") ? 2 : 1;
}

/** Marks that stand on nothing, joiners. */
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]/u;

/** Wide and Fullwidth of https://www.unicode.org/reports/tr11/, by blocks, and emoji that are drawn as such. */
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{20000}-\u{3fffd}])/u;
