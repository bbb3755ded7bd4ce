import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { deflateRaw, gunzip, gzip, inflateRaw } from "node:zlib";
import { rewriteLinks } from "./rewrite-links.ts";

/** A page that is longer than this is passed on as it is. */
const mostBytes = 2 * 1024 * 1024;

/** An answer to be passed on. */
export interface ProxiedAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Leads the links of an answer, where it is a page of HTML, below a root; any other answer stays as it is. */
export async function pageBelow(root: string, { headers, body }: ProxiedAnswer): Promise<ProxiedAnswer> {
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  const coding = codings.get(headers["content-encoding"] ?? "");
  if (type.trim() !== "text/html" || headers.location !== undefined || coding === undefined)
    return { headers, body };
  const source = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  for (let length = 0; ;) {
    const { done, value } = await source.next();
    if (done === true) break;
    chunks.push(value);
    length += value.length;
    if (length > mostBytes) return { headers, body: joined(chunks, source) };
  }
  // The answer to HEAD has none.
  if (chunks.length === 0) return { headers, body: joined([]) };
  const page = Buffer.concat(chunks);
  const rewritten = await rewritePage(page, coding, (url) =>
    url.startsWith("/") && !url.startsWith("//") && !url.startsWith(root) ? root + url : url,
  );
  const { "content-length": _length, ...kept } = headers;
  return { headers: { ...kept, "content-length": String(rewritten.length) }, body: joined([rewritten]) };
}

interface Coding {
  readonly decode: (bytes: Buffer) => Promise<Buffer>;
  readonly encode: (bytes: Buffer) => Promise<Buffer>;
}

const limit = { maxOutputLength: mostBytes };
const codings: ReadonlyMap<string, Coding> = new Map(
  Object.entries({
    "": { decode: async (bytes) => bytes, encode: async (bytes) => bytes },
    gzip: { decode: (bytes) => promisify(gunzip)(bytes, limit), encode: (bytes) => promisify(gzip)(bytes) },
    deflate: {
      decode: (bytes) => promisify(inflateRaw)(bytes, limit),
      encode: (bytes) => promisify(deflateRaw)(bytes),
    },
  }),
);

/** What cannot be decoded stays as it is. Letters are bytes here, which keeps what is no UTF-8. */
async function rewritePage(page: Buffer, { decode, encode }: Coding, rewrite: (url: string) => string) {
  try {
    const text = (await decode(page)).toString("latin1");
    return await encode(Buffer.from(rewriteLinks(text, rewrite), "latin1"));
  } catch {
    return page;
  }
}

async function* joined(
  first: readonly Uint8Array[],
  rest?: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  if (rest !== undefined) yield* { [Symbol.asyncIterator]: () => rest };
}
