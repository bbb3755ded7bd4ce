import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A span as a collector reads it from OTLP's JSON form. */
export interface ReceivedSpan {
  readonly service: string;
  readonly instance: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly isParentRemote: boolean;
  readonly name: string;
  /** 2 is a server's. */
  readonly kind: number;
  /** 2 is an error. */
  readonly status: number;
  readonly traceState: string | undefined;
  readonly durationMs: number;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
}

/** A collector on 127.0.0.1 that speaks OTLP over HTTP. */
export interface OtlpReceiver extends AsyncDisposable {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** Method, path and content type of each request. */
  readonly requests: readonly string[];
  /** All spans that have arrived. */
  readonly spans: readonly ReceivedSpan[];
  /** The status of all answers from now on; `never` answers no request. */
  status: number | "never";
  /** Waits until so many spans have arrived in all. */
  waitFor(count: number): Promise<void>;
  /** Waits for the next request, whatever it is answered. */
  nextRequest(): Promise<unknown>;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string | number };
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number };
  readonly traceState: string | undefined;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** A bit of a span's flags: https://opentelemetry.io/docs/specs/otlp/ */
const parentIsRemote = 0x200;

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: string[] = [];
  const events = new EventEmitter();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests.push(`${request.method} ${request.url} ${request.headers["content-type"]}`);
    const body = (await json(request)) as OtlpRequest;
    events.emit("request");
    if (receiver.status === "never") return;
    if (receiver.status === 200) spans.push(...readSpans(body));
    response.writeHead(receiver.status, { "content-type": "application/json" }).end("{}");
    events.emit("spans");
  }

  const receiver: OtlpReceiver = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans,
    status: 200,
    async waitFor(count) {
      while (spans.length < count) await once(events, "spans");
    },
    nextRequest: () => once(events, "request"),
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return receiver;
}

function readSpans({ resourceSpans }: OtlpRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const owner = readAttributes(resource.attributes);
    return scopeSpans
      .flatMap((scope) => scope.spans)
      .map((span) => ({
        service: String(owner["service.name"]),
        instance: String(owner["service.instance.id"]),
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId,
        isParentRemote: (span.flags & parentIsRemote) !== 0,
        name: span.name,
        kind: span.kind,
        status: span.status.code,
        traceState: span.traceState,
        durationMs: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
        attributes: readAttributes(span.attributes),
      }));
  });
}

function readAttributes(attributes: readonly OtlpAttribute[]): Record<string, string | number | undefined> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}
