/**
 * Expands `$(NAME)` from `values`; `$$` stands for `$`, and a reference that cannot be resolved is left as it is.
 * k8s.io/kubernetes/third_party/forked/golang/expansion/expand.go
 */
export function expandVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(reference, (whole, name: string | undefined) =>
    name === undefined ? "$" : Object.hasOwn(values, name) ? values[name]! : whole,
  );
}

/** The names that a text refers to, in its order. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(reference)].flatMap(([, name]) => name ?? []);
}

const reference = /\$(?:\$|\(([^)]*)\))/g;
