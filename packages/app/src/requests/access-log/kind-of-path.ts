const number = /^\d+$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Object IDs, hashes, and other random texts: long, and with digits among the letters. */
const random = /^(?=.*\d)(?=.*[a-z])[0-9a-z_-]{16,}$/i;

const mostNames = 8;

/**
 * What paths of one kind have in common: `/orders/7` and `/orders/8` are both `/orders/{}`, and a query counts by the names in
 * it. Each such path alone is rare, and all of them together are what users ask most.
 */
export function kindOfPath(path: string): string {
  const mark = path.indexOf("?");
  const bare = mark < 0 ? path : path.slice(0, mark);
  // All that may differ has a digit.
  const kind = /\d/.test(bare) ? bare.split("/").map(partKind).join("/") : bare;
  if (mark < 0) return kind;
  const query = path.slice(mark + 1);
  const namesOf = query.split("&", mostNames).map((part) => part.replace(/=.*$/s, ""));
  return `${kind}?${[...new Set(namesOf)].join("&")}`;
}

function partKind(part: string): string {
  return number.test(part) || uuid.test(part) || random.test(part) ? "{}" : part;
}
