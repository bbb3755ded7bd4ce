// What parsers have been seen to take for Transfer-Encoding and Content-Length, and to take them for, though they are not.

export const notChunked = [
  "",
  " ",
  " xchunked",
  " chunkedx",
  " identity",
  " gzip",
  " chunked, gzip",
  " gzip, chunked",
  " chunked, chunked",
  ' "chunked"',
  " 'chunked'",
  " chunked;q=1",
  " chunked,",
  " ,chunked",
  " \x0bchunked",
  " chunked\x0b",
  " \x00chunked",
  " chun ked",
  "\r\n chunked",
  " chunked\r\n x",
  " ch\xfcnked",
  " chunked\x85",
  " x\nTransfer-Encoding: chunked",
  " \xffchunked",
];
export const twoCodings = [
  ["chunked", "chunked"],
  ["chunked", "identity"],
  ["identity", "chunked"],
  ["", "chunked"],
  ["gzip", "chunked"],
];
export const notTransferEncoding = [
  "Transfer-Encoding : ",
  "Transfer-Encoding\t:",
  " Transfer-Encoding: ",
  "Transfer-Encoding\x00: ",
  "Transfer Encoding: ",
  "Transfer-Encoding\x0b: ",
  "\x00Transfer-Encoding: ",
  "Transfer-Encoding\x85: ",
  '"Transfer-Encoding": ',
];
export const twoLengths = [
  ["1", "1"],
  ["1", "2"],
  ["0", "1"],
  ["1", ""],
  ["1", "01"],
];
export const notLengths = [
  "+1",
  "-1",
  "1, 1",
  "1,1",
  "1 1",
  "0x1",
  "1.0",
  "1e0",
  "",
  "one",
  "\x0b1",
  "1\x00",
  '"1"',
  "1;",
  "\xb9",
  "9".repeat(25),
];
export const notContentLength = [
  "Content-Length : ",
  "Content-Length\t: ",
  " Content-Length: ",
  "Content-Length\x00: ",
  "Content Length: ",
  "Content-Length\xa0: ",
];
export const bareLineEnds: readonly (readonly [from: string | RegExp, to: string])[] = [
  [/\r\n/g, "\n"],
  ["\r\nx", "\nx"],
  ["\r\n\r\n", "\r\n\n"],
  ["\r\n\r\n", "\n\r\n"],
  ["\r\n\r\n", "\n\n"],
  ["\r\nHost", "\nHost"],
  ["\r\nx", "\rx"],
  ["\r\n\r\n", "\r\r\n"],
];
export const upgrades = [
  [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ],
  ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"],
  ["Connection: x, upgrade", "Upgrade: TLS/1.0, websocket"],
];
export const harmless = [
  "X-Content-Length",
  "Content_Length",
  "Content-Length-",
  "Transfer_Encoding",
  "X-HTTP-Method-Override",
  "TE",
  "Trailer",
];
