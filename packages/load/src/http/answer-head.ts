/** The head of an answer. Over HTTP/1 it is shared by all answers whose heads are the same byte for byte. */
export class AnswerHead {
  readonly status: number;
  /** Whether the connection may carry another request after this answer. */
  readonly keepAlive: boolean;
  /** The owner's judgment of this head, kept so that it need not be made again. */
  note: unknown;
  readonly #headers: ReadonlyMap<string, string>;

  constructor(status: number, headers: ReadonlyMap<string, string>, keepAlive: boolean) {
    this.status = status;
    this.keepAlive = keepAlive;
    this.#headers = headers;
  }

  /** All headers under lower-case names; the values of a repeated one are joined by ", ". */
  get headers(): ReadonlyMap<string, string> {
    return this.#headers;
  }

  /** One header, by its lower-case name: cheaper than `headers` when a head is looked at once. */
  header(name: string): string | undefined {
    return this.headers.get(name);
  }
}
