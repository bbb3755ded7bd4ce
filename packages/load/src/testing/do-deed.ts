import type { Socket } from "node:net";
import type { Deed } from "./draw-faults.ts";
import type { ReadRequest } from "./read-requests.ts";

/** Does the deed that was drawn for a request. `turn` counts the deeds of the same sort, so that its forms take turns. */
export function doDeed(deed: Deed, turn: number, socket: Socket, request: ReadRequest): void {
  const forms = deeds[deed];
  forms[turn % forms.length]?.(socket, request);
}

/** What an answer must have to be good: the header X-Answer, this body, and the token of its request. */
export const wholeAnswer = { header: "x-answer", body: "whole" } as const;

/**
 * Long enough for a client on the same machine to have read the bytes that were written. Linux keeps these bytes readable
 * behind a reset, other systems do not.
 */
const untilReadMs = 20;

type Form = (socket: Socket, request: ReadRequest) => void;

const good = (token: string): string => `HTTP/1.1 200 OK\r\nX-Answer: whole\r\nX-Token: ${token}\r\n`;
const chunked = "Transfer-Encoding: chunked\r\n\r\n";

const halves: readonly string[] = [
  "HTTP/1.1 200 OK\r\nX-Ans",
  "HTTP/1.1 200 OK\r\nX-Answer: whole\r\nContent-Length: 5\r\n\r\n",
  "HTTP/1.1 200 OK\r\nX-Answer: whole\r\nContent-Length: 5\r\n\r\nwho",
  "HTTP/1.1 200 OK\r\nX-Answer: whole\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwho\r\n",
];

/** Each breaks a rule of RFC 9112: 2.1, 2.2, 4, 5, 6.3, 7.1. */
const malformed: readonly string[] = [
  "HTTP/1.1 200 OK\r\nX-Answer: whole\r\nContent-Length: two\r\n\r\nwhole",
  "HTTP/1.1 2OO OK\r\nX-Answer: whole\r\nContent-Length: 5\r\n\r\nwhole",
  "HTTP/1.1 200 OK\r\nX-Answer: whole\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\nwhole",
  "HTTP/1.1 200 OK\r\nX-Answer whole\r\nContent-Length: 5\r\n\r\nwhole",
  `HTTP/1.1 200 OK\r\nX-Answer: whole\r\n${chunked}five\r\nwhole\r\n0\r\n\r\n`,
  `HTTP/1.1 200 OK\r\nX-Answer: whole\r\n${chunked}3\r\nwhole\r\n0\r\n\r\n`,
  "HTTP/1.1 200 OK\r\nX-Answer: whole\r\nContent-Length: 5\r\n\r\nwhole and more",
  "ICY 200 OK\r\nX-Answer: whole\r\nContent-Length: 5\r\n\r\nwhole",
];

const deeds: Readonly<Record<Deed, readonly Form[]>> = {
  ok: [
    (socket, request) => answer(socket, request, `${good(request.token)}Content-Length: 5\r\n`, "whole"),
    (socket, request) =>
      answer(
        socket,
        request,
        `${good(request.token)}Transfer-Encoding: chunked\r\n`,
        "5\r\nwhole\r\n0\r\n\r\n",
      ),
  ],
  "reset-before-answer": [(socket) => socket.resetAndDestroy()],
  "closed-before-answer": [(socket) => socket.end()],
  "reset-mid-answer": halves.map((half) => (socket: Socket) => {
    socket.write(half, () => setTimeout(() => socket.resetAndDestroy(), untilReadMs));
  }),
  "closed-mid-answer": halves.map((half) => (socket: Socket) => socket.end(half)),
  "response-timeout": [() => undefined, (socket) => socket.write(halves[2] ?? "")],
  "malformed-answer": malformed.map((text) => (socket: Socket) => socket.write(text)),
  "bad-status": ["500 Internal Server Error", "503 Service Unavailable"].map(
    (status) => (socket: Socket, request: ReadRequest) =>
      answer(socket, request, `HTTP/1.1 ${status}\r\nContent-Length: 4\r\n`, "sick"),
  ),
  "failed-expectation": [
    (socket, request) => answer(socket, request, `${good(request.token)}Content-Length: 5\r\n`, "other"),
    (socket, request) => answer(socket, request, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "whole"),
    (socket, request) => answer(socket, request, `${good("another")}Content-Length: 5\r\n`, "whole"),
  ],
};

function answer(socket: Socket, { closes }: ReadRequest, head: string, body: string): void {
  if (closes) socket.end(`${head}Connection: close\r\n\r\n${body}`, "latin1");
  else socket.write(`${head}\r\n${body}`, "latin1");
}
