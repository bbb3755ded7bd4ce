/** The items in which the embedded cluster differs from Kubernetes, by their number, and how. */
export const differences: Readonly<Record<number, string>> = {};
