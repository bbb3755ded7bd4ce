import { once } from "node:events";
import { connect } from "node:net";

/** What Redis answers: a text, a number, nothing, or a list of these. */
export type Reply = string | number | null | readonly Reply[];

/** Sends one command on a connection of its own, to the server that the Service `redis` leads to. */
export async function redis(...words: readonly string[]): Promise<Reply> {
  const socket = connect(6379, process.env["REDIS_HOST"] ?? "redis");
  socket.setTimeout(5_000, () => socket.destroy(new Error("Redis does not answer")));
  try {
    await once(socket, "connect");
    const sent = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.write(`*${words.length}\r\n${sent.join("")}`);
    let received = Buffer.alloc(0);
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer]);
      const parsed = parse(received, 0);
      if (parsed !== undefined) return parsed.reply;
    }
    throw new Error("Redis closed the connection");
  } finally {
    socket.destroy();
  }
}

/** Undefined while the reply is not whole. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
function parse(bytes: Buffer, from: number): { readonly reply: Reply; readonly end: number } | undefined {
  const lineEnd = bytes.indexOf("\r\n", from);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString("utf8", from + 1, lineEnd);
  const next = lineEnd + 2;
  const size = Number(line);
  switch (String.fromCharCode(bytes[from] ?? 0)) {
    case "-":
      throw new Error(line);
    case ":":
      return { reply: size, end: next };
    case "$":
      if (size < 0) return { reply: null, end: next };
      if (bytes.length < next + size + 2) return undefined;
      return { reply: bytes.toString("utf8", next, next + size), end: next + size + 2 };
    case "*":
      return size < 0 ? { reply: null, end: next } : parseList(bytes, next, size);
    default:
      return { reply: line, end: next };
  }
}

function parseList(bytes: Buffer, from: number, size: number): ReturnType<typeof parse> {
  const reply: Reply[] = [];
  let end = from;
  for (let index = 0; index < size; index += 1) {
    const each = parse(bytes, end);
    if (each === undefined) return undefined;
    reply.push(each.reply);
    end = each.end;
  }
  return { reply, end };
}
