/**
 * Freezes a value with all lists and plain objects in it, and gives it back. Instances of classes, maps, sets and
 * buffers stay as they are, because they manage their own state.
 */
export function deepFreeze<T>(value: T): T {
  const found = new Set<object>();
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const each = pending.pop();
    if (!isPlain(each) || found.has(each)) continue;
    found.add(each);
    for (const key of Reflect.ownKeys(each)) {
      const property = Object.getOwnPropertyDescriptor(each, key);
      // A getter is not called: what it makes is not part of the value yet.
      if (property !== undefined && "value" in property) pending.push(property.value);
    }
    Object.freeze(each);
  }
  return value;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
