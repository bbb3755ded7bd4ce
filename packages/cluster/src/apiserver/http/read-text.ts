/** No answer is read beyond this many bytes. */
const mostBytes = 64 * 1024 * 1024;

/** All of an answer that somebody else gives. */
export async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new Error("http: response body too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
