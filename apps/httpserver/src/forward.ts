import { maskSecret } from "./answers/mask-secret.ts";

/** A request to a backend. */
export interface ForwardedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a POST. Undefined: the backend is asked by GET. */
  readonly body: Buffer<ArrayBuffer> | undefined;
  readonly timeoutMs: number;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** The answer of a backend. */
export interface Forwarded {
  readonly url: string;
  /** The backend's status; 502 when it could not be asked, 504 when it took too long. */
  readonly status: number;
  readonly durationMs: number;
  /** The first 64 KiB of the body, as text. */
  readonly body?: string;
  readonly truncated?: true;
  readonly error?: string;
}

const maxBodyBytes = 64 * 1024;

/** Asks one backend. Never throws: the result tells of a failure. */
export async function forward(request: ForwardedRequest): Promise<Forwarded> {
  const { headers, body, timeoutMs } = request;
  const startMs = performance.now();
  const url = maskSecret("", request.url);
  const deadline = AbortSignal.timeout(timeoutMs);
  const took = (): number => Math.round((performance.now() - startMs) * 10) / 10;
  try {
    const response = await fetch(request.url, {
      method: body === undefined ? "GET" : "POST",
      headers,
      redirect: "manual",
      signal: AbortSignal.any([deadline, request.signal]),
      ...(body === undefined ? {} : { body }),
    });
    const read = await readStart(response);
    return { url, status: response.status, durationMs: took(), ...read };
  } catch (error) {
    if (deadline.aborted) {
      return { url, status: 504, durationMs: took(), error: `no answer within ${timeoutMs} ms` };
    }
    return { url, status: 502, durationMs: took(), error: reasonOf(error) };
  }
}

async function readStart(response: Response): Promise<Pick<Forwarded, "body" | "truncated">> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBodyBytes) break; // Leaving the loop cancels the rest.
  }
  const body = Buffer.concat(chunks).subarray(0, maxBodyBytes).toString("utf8");
  return length > maxBodyBytes ? { body, truncated: true } : { body };
}

/** fetch says "fetch failed" and keeps the reason as its cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: reason } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? (reason || message);
}
