/** The user name of a ServiceAccount. */
export function userNameOf(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The groups that every ServiceAccount of a namespace is in. */
export function groupsOfServiceAccount(namespace: string): string[] {
  return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
}

/** The ServiceAccount that a user name stands for; undefined for the names of others. */
export function serviceAccountOf(
  username: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const [system, kind, namespace = "", name = "", ...more] = username.split(":");
  if (system !== "system" || kind !== "serviceaccount" || more.length > 0) return undefined;
  const isValid = (part: string) => part.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(part);
  return isValid(namespace) && !namespace.includes(".") && isValid(name) ? { namespace, name } : undefined;
}
