/** A value without the fields that are null: the API server takes these as not written. The same value where there are none. */
export function withoutNulls<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.some((item, index) => item !== value[index]) ? (items as T) : value;
  }
  let isSame = true;
  const kept: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    if (each !== null) kept[key] = withoutNulls(each);
    if (kept[key] !== each) isSame = false;
  }
  return isSame ? value : (kept as T);
}
