import { formatNotice, type Notice } from "@seaworthy/errors";

/** Why a way to the app is not tried. */
export type LeftOutReason =
  | "grpc"
  | "no-call"
  | "not-tcp"
  | "external"
  | "no-service"
  | "no-port"
  | "no-deployment"
  | "headless"
  | "no-pods"
  | "refused"
  | "not-http"
  | "silent"
  | "no-good-answer"
  | "not-through";

/** One way that is not tried. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  /** For people: `Ingress shop.example/api`, `Service db:5432`. */
  readonly what: string;
  /** The answer that was seen there, when something was asked. */
  readonly seen?: string;
}

const because: Readonly<Record<LeftOutReason, string>> = {
  grpc: "gRPC is for programs",
  "no-call":
    "gRPC or HTTP/2 without TLS is declared, and no pod answers grpc.health.v1.Health/Check or a call of trial.requests",
  "not-tcp": "only TCP is tried",
  external: "nothing is sent outside the cluster",
  "no-service": "the Service is not among these files",
  "no-port": "the Service has no such port",
  "no-deployment": "no Deployment of these files answers there",
  headless: "clients of a headless Service choose pods by DNS, which is not played",
  "no-pods": "no ready pod has the port",
  refused: "connections are refused",
  "not-http": "it does not speak HTTP/1.1",
  silent: "it takes a request and does not answer",
  "no-good-answer": "no path that was asked is answered alike by every pod",
  "not-through": "the pods answer, but not through it",
};

/** One notice for each reason, with all that it keeps out. */
export function leftOutNotices(all: readonly LeftOut[]): Notice[] {
  return [...Map.groupBy(all, ({ reason }) => reason)].map(([reason, members]) => ({
    text: `left out, because ${because[reason]}`,
    names: members.map(({ what, seen }) => (seen === undefined ? what : `${what} (${seen})`)),
  }));
}

/** The same for an error: whatever it is, it is left out. */
export function leftOutLines(all: readonly LeftOut[]): string[] {
  return leftOutNotices(all).map((notice) =>
    formatNotice(notice, { all: true }).replace(/^left out, because /, ""),
  );
}
