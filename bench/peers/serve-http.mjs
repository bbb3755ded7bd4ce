// Bare node:http. PORT is set; the answer is the same for all candidates.
import { createServer } from "node:http";

createServer((_request, response) => {
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end("hello world");
}).listen(Number(process.env.PORT), "127.0.0.1");
