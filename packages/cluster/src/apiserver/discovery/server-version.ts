/** What `/version` answers: the Kubernetes minor whose behaviour the embedded cluster follows. */
export const serverVersion = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.3+seaworthy",
  gitCommit: "0000000000000000000000000000000000000000",
  gitTreeState: "clean",
  buildDate: "2026-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
} as const;
