/** Whether a word without quotes is text for sure, and nothing that YAML 1.1 reads as something else. */
export function isPlainWord(word: string): boolean {
  return /^[A-Za-z_/][\w./-]*$/.test(word) && !isSpecialWord(word);
}

/** Whether YAML 1.1 reads a word as a boolean, or as null. */
export function isSpecialWord(word: string): boolean {
  return /^(?:y|yes|n|no|true|false|on|off|null|~)$/i.test(word);
}
