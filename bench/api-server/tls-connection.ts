import { connect, type TLSSocket } from "node:tls";
import type { HttpConnection } from "@seaworthy/client";

/** An answer; of a watch the head only. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One kept-alive HTTPS connection with as little code as possible, so that what is measured is the server. Requests go one
 * after another; after `watch` it carries that watch only.
 */
export class TlsConnection implements Disposable {
  readonly #socket: TLSSocket;
  readonly #head: string;
  #buffered: Buffer[] = [];
  #length = 0;
  #onData: () => void = () => {};

  private constructor(socket: TLSSocket, head: string) {
    this.#socket = socket;
    this.#head = head;
    socket.on("data", (chunk: Buffer) => {
      this.#buffered.push(chunk);
      this.#length += chunk.length;
      this.#onData();
    });
    socket.setNoDelay(true);
  }

  static async open({ server, ca, cert, key, token }: HttpConnection): Promise<TlsConnection> {
    const { hostname: host, port, host: name } = new URL(server);
    const socket = connect({ host, port: Number(port), ca, cert, key, ALPNProtocols: ["http/1.1"] });
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
    });
    const authorization = typeof token === "string" ? `authorization: Bearer ${token}\r\n` : "";
    return new TlsConnection(socket, `host: ${name}\r\n${authorization}accept: application/json\r\n`);
  }

  send(method: string, path: string, body = "", contentType = "application/json"): Promise<Answer> {
    this.#write(method, path, body, contentType);
    return new Promise((resolve, reject) => {
      this.#socket.once("close", () => reject(new Error(`the connection closed: ${method} ${path}`)));
      this.#onData = () => {
        const answer = this.#takeAnswer();
        if (answer === undefined) return;
        this.#onData = () => {};
        this.#socket.removeAllListeners("close");
        resolve(answer);
      };
    });
  }

  /** Calls back for each piece of text of the watch, with the time at which it came. */
  watch(path: string, onText: (text: string) => void): void {
    this.#write("GET", path, "", "");
    this.#onData = () => {
      const text = Buffer.concat(this.#buffered).toString("latin1");
      this.#buffered = [];
      this.#length = 0;
      onText(text);
    };
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #write(method: string, path: string, body: string, contentType: string): void {
    const content =
      body === "" ? "" : `content-type: ${contentType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    this.#socket.write(`${method} ${path} HTTP/1.1\r\n${this.#head}${content}\r\n${body}`);
  }

  #end: number | undefined;
  #status = 0;
  #start = 0;

  #takeAnswer(): Answer | undefined {
    if (this.#end === undefined && !this.#takeHead()) return undefined;
    if (Number.isNaN(this.#end)) {
      // Chunks: the last one is empty, and nothing comes after it.
      const last = Buffer.concat(this.#buffered.slice(-2));
      if (last.toString("latin1", last.length - 5) !== "0\r\n\r\n") return undefined;
    } else if (this.#length < this.#end!) return undefined;
    // Bodies that are looked at are short.
    const body = Buffer.concat(this.#buffered.slice(0, 8)).toString(
      "utf8",
      this.#start,
      this.#start + 100_000,
    );
    this.#buffered = [];
    this.#length = 0;
    this.#end = undefined;
    return { status: this.#status, body };
  }

  #takeHead(): boolean {
    const bytes = Buffer.concat(this.#buffered);
    this.#buffered = [bytes];
    const headEnd = bytes.indexOf("\r\n\r\n");
    if (headEnd < 0) return false;
    const head = bytes.toString("latin1", 0, headEnd);
    this.#status = Number(head.slice(9, 12));
    this.#start = headEnd + 4;
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? "0";
    this.#end = /\r\ntransfer-encoding: *chunked/i.test(head) ? Number.NaN : this.#start + Number(length);
    return true;
  }
}
