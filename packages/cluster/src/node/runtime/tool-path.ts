/** Where the system's tools are found: also `chroot` and `ip`, whose folder an ordinary user's PATH does not name on Debian. */
export function toolPath(): string {
  return `${process.env["PATH"] ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;
}
