import { createServer, type Server } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createCertificateAuthority, type CertificateAuthority } from "@seaworthy/certificates";
import type { JsonObject } from "@seaworthy/kube";

/** What an AdmissionReview or a ConversionReview asks for, as far as tests look at it. */
export interface Asked extends Record<string, unknown> {
  readonly uid: string;
  readonly object: JsonObject;
  readonly oldObject: JsonObject;
}

/** A webhook over HTTPS in the test's own process. */
export interface WebhookServer extends AsyncDisposable {
  readonly port: number;
  /** Its `clientConfig` by URL, with a path. */
  at(path: string): { readonly url: string; readonly caBundle: string };
  /** PEM in base64. */
  readonly caBundle: string;
  /** Everything it was asked, in order, with the path. */
  readonly asked: readonly { readonly path: string; readonly request: Asked }[];
}

/** Starts one. `answer` gives the `response`, to which the uid is added, by the path; undefined for 404, a promise to be late. */
export async function startWebhook(
  answer: (path: string, request: Asked) => JsonObject | undefined | Promise<JsonObject | undefined>,
  { dnsNames = [] }: { readonly dnsNames?: readonly string[] } = {},
): Promise<WebhookServer> {
  const authority = newAuthority();
  const asked: { path: string; request: Asked }[] = [];
  const pair = authority.issue({
    commonName: "webhook",
    usage: "server",
    dnsNames: [...dnsNames],
    ipAddresses: ["127.0.0.1"],
  });
  const server = createServer(pair, (request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      const review = JSON.parse(Buffer.concat(pieces).toString("utf8")) as { request: Asked };
      const path = new URL(request.url ?? "", "https://webhook").pathname;
      asked.push({ path, request: review.request });
      const given = await answer(path, review.request);
      response.statusCode = given === undefined ? 404 : 200;
      response.setHeader("content-type", "application/json");
      const { uid } = review.request;
      response.end(given === undefined ? "" : JSON.stringify({ ...review, response: { uid, ...given } }));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const caBundle = Buffer.from(authority.cert).toString("base64");
  return {
    port,
    caBundle,
    asked,
    at: (path) => ({ url: `https://127.0.0.1:${port}${path}`, caBundle }),
    [Symbol.asyncDispose]: () => closed(server),
  };
}

function newAuthority(): CertificateAuthority {
  const day = 24 * 3600 * 1000;
  const now = Date.now();
  return createCertificateAuthority("webhooks", {
    notBefore: new Date(now - day),
    notAfter: new Date(now + day),
  });
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  if (server.listening) await once(server, "close");
}
