/** How long a command waits that does nothing else; undefined for others. */
export function sleepCommandSeconds(command: readonly string[]): number | undefined {
  const written = /^(?:\S*\b(?:ba|a)?sh -c )?(?:\S*\/)?sleep (\d+)s?$/.exec(command.join(" "))?.[1];
  return written === undefined ? undefined : Number(written);
}
