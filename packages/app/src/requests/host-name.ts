/** Without its port, as routes name it; undefined for `-`, `_` and whatever else stands for none. */
export function hostName(text: string | undefined): string | undefined {
  const name = text?.replace(/:\d+$/, "").toLowerCase();
  return name !== undefined && /^[a-z0-9](?:[a-z0-9.-]{0,252})$/.test(name) ? name : undefined;
}
