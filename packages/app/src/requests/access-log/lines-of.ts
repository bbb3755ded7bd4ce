/** A longer line is none of an access log's, and is not kept. */
export const longestLine = 65_536;

/**
 * The lines of a stream, as many at a time as one chunk ends, with undefined for each that is too long. It holds one chunk and
 * one line, however long the stream is.
 */
export async function* linesOf(
  chunks: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<(string | undefined)[]> {
  let begun: Buffer = Buffer.alloc(0);
  let isTooLong = false;
  const take = (part: Buffer): string | undefined => {
    const line = begun.length === 0 ? part : Buffer.concat([begun, part]);
    const isWhole = !isTooLong && line.length <= longestLine;
    begun = Buffer.alloc(0);
    isTooLong = false;
    return isWhole ? line.toString("utf8").replace(/\r$/, "") : undefined;
  };
  for await (const chunk of chunks) {
    const bytes =
      typeof chunk === "string"
        ? Buffer.from(chunk)
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: (string | undefined)[] = [];
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      lines.push(take(bytes.subarray(from, end)));
      from = end + 1;
    }
    isTooLong ||= begun.length + bytes.length - from > longestLine;
    begun = isTooLong ? Buffer.alloc(0) : Buffer.concat([begun, bytes.subarray(from)]);
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0 || isTooLong) yield [take(Buffer.alloc(0))];
}
