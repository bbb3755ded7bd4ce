import type { AnswerHead } from "../http/answer-head.ts";
import { grpcStatusOf, isGrpcAnswer, statusName } from "../http/grpc-status.ts";
import type { Expectation, LoadPlan } from "../plan/plan.ts";
import type { Ending } from "../transport/flight.ts";
import type { Lane } from "../transport/lane.ts";

/** Bytes of a body that are kept when something is expected of it. */
const keptBody = 65_536;

/** Judges complete answers. Answers with the same head share the judgment of the head. */
export class Judge {
  /** Bytes of each body that {@link complete} looks at. */
  readonly keepBody: number;
  readonly #status: Expectation["status"];
  readonly #echoHeader: string | undefined;
  readonly #headers: readonly { readonly name: string; readonly pattern: RegExp | undefined }[];
  readonly #body: ((text: string) => string | undefined) | undefined;
  readonly #recordHeaders: readonly string[];
  readonly #token: (i: number) => string;

  constructor(
    { expect, recordHeaders }: Pick<LoadPlan, "expect" | "recordHeaders">,
    token: (i: number) => string,
  ) {
    this.#token = token;
    this.#status = expect.status;
    this.#echoHeader = expect.echoHeader;
    this.#recordHeaders = recordHeaders;
    this.#headers = (expect.headers ?? []).map(({ name, pattern }) => ({
      name: name.toLowerCase(),
      pattern: pattern === undefined ? undefined : new RegExp(pattern),
    }));
    this.#body = expect.body && bodyCheck(expect.body);
    this.keepBody = expect.body === undefined ? 0 : keptBody;
  }

  /** Judges an answer to request i, by the good statuses of its lane. An answer to another request is worse than a bad status, so it is checked first. */
  complete(
    head: AnswerHead,
    body: Uint8Array,
    i: number,
    { status, isCall = false }: Partial<Pick<Lane, "status" | "isCall">>,
    trailers?: ReadonlyMap<string, string>,
  ): Ending {
    // The judgment kept with a head is by the plan's statuses; a lane with statuses of its own may give the same head.
    const ofHead =
      status === undefined
        ? this.ofHead(head)
        : isCall
          ? this.#call(head, status, trailers)
          : this.#look(head, status);
    const echo = this.#echoHeader === undefined ? undefined : head.header(this.#echoHeader);
    if (echo !== undefined && echo !== this.#token(i))
      return failed(ofHead, `the answer is for the request ${echo.slice(0, 80)}`);
    if (this.#body === undefined || ofHead.class !== "ok") return ofHead;
    const missing = this.#body(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
    return missing === undefined ? ofHead : failed(ofHead, missing);
  }

  /** Judges an answer by its head alone. */
  ofHead(head: AnswerHead): Ending {
    return (head.note ??= this.#look(head, this.#status)) as Ending;
  }

  #look(head: AnswerHead, good: Expectation["status"]): Ending {
    const { status } = head;
    const seen = { status, headers: this.#recorded(head), detail: undefined };
    if (!isWithin(status, good)) return { ...seen, class: "bad-status" };
    for (const { name, pattern } of this.#headers) {
      const value = head.header(name);
      if (value === undefined) return failed(seen, `no header ${name}`);
      if (pattern?.test(value) === false) return failed(seen, `${name}: ${value.slice(0, 80)}`);
    }
    return { ...seen, class: "ok" };
  }

  /** The status of HTTP says only that the server took the call; what became of it comes last. */
  #call(head: AnswerHead, good: Expectation["status"], trailers?: ReadonlyMap<string, string>): Ending {
    const ofHead = this.#look(head, taken);
    if (ofHead.class !== "ok") return ofHead;
    if (!isGrpcAnswer(head))
      return failed(ofHead, `content-type ${head.header("content-type")?.slice(0, 80) ?? "left out"}`);
    const ended = grpcStatusOf(head, trailers);
    if (ended === undefined) return { ...ofHead, class: "no-grpc-status" };
    const { code, message } = ended;
    if (isWithin(code, good)) return { ...ofHead, status: code };
    const detail = `${statusName(code)}${message === "" ? "" : `: ${message.slice(0, 80)}`}`;
    return { ...ofHead, class: "bad-grpc-status", status: code, detail };
  }

  #recorded(head: AnswerHead): Ending["headers"] {
    let found: Record<string, string> | undefined;
    for (const name of this.#recordHeaders) {
      const value = head.header(name);
      if (value !== undefined) (found ??= {})[name] = value;
    }
    return found;
  }
}

const taken: Expectation["status"] = [[200, 200]];

function isWithin(status: number, ranges: Expectation["status"]): boolean {
  return ranges.some(([from, to]) => status >= from && status <= to);
}

function failed({ status, headers }: Omit<Ending, "class">, detail: string): Ending {
  return { class: "failed-expectation", status, headers, detail };
}

function bodyCheck(expected: NonNullable<Expectation["body"]>): (text: string) => string | undefined {
  if ("contains" in expected) {
    const { contains } = expected;
    return (text) => (text.includes(contains) ? undefined : `the body does not contain ${quoted(contains)}`);
  }
  const pattern = new RegExp(expected.pattern);
  return (text) => (pattern.test(text) ? undefined : `the body does not match ${quoted(expected.pattern)}`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
