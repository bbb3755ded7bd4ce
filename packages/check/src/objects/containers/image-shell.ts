/** Images that are known to hold nothing but the app; their variants for developers have a shell. */
export function isWithoutShell(image: string): boolean {
  const [, tag = ""] = /:([^:/@]+)(@|$)/.exec(image) ?? [];
  return (
    /(^|\/)(distroless|chainguard)\//.test(image) &&
    !/debug|-dev|^dev/.test(tag) &&
    !/\/(bash|busybox|wolfi-base)\b/.test(image)
  );
}
