/** `1 pod`, `3 pods`. */
export function podsText(count: number): string {
  return `${count} pod${count === 1 ? "" : "s"}`;
}
