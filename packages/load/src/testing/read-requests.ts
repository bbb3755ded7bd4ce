import type { Socket } from "node:net";

/** What a test server knows of a request. */
export interface ReadRequest {
  readonly method: string;
  readonly path: string;
  /** The value of the header X-Token. */
  readonly token: string;
  /** The client wants the connection closed behind the answer. */
  readonly closes: boolean;
}

/** Calls back for each request of a connection when it has been read whole, with its body. */
export function readRequests(socket: Socket, onRequest: (request: ReadRequest) => void): void {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    for (;;) {
      const headEnd = text.indexOf("\r\n\r\n");
      if (headEnd < 0) return;
      const head = text.slice(0, headEnd);
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      const end = headEnd + 4 + length;
      if (text.length < end) return;
      const [method = "", path = ""] = head.split(" ", 2);
      text = text.slice(end);
      onRequest({
        method,
        path,
        token: /^x-token: *(\S+)/im.exec(head)?.[1] ?? "",
        closes: /^connection: *close/im.test(head),
      });
    }
  });
}
