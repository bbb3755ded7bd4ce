const most = 3;

/** The first few items, and how many there are beside them: `a,b,c + 2 more...`. */
export function listWithMore(items: readonly string[], nothing: string): string {
  if (items.length === 0) return nothing;
  const shown = items.slice(0, most).join(",");
  return items.length > most ? `${shown} + ${items.length - most} more...` : shown;
}
