import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parseLogLine } from "./parse-log-line.ts";

const browser = "Mozilla/5.0 (X11; Linux x86_64)";
const get = { method: "GET", path: "/orders?page=2", status: 200, host: undefined, agent: browser };

/** One line of each format, as its server writes it by default. */
const lines: readonly (readonly [format: string, line: string, request: object | undefined])[] = [
  [
    "nginx's combined",
    `10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "GET /orders?page=2 HTTP/1.1" 200 612 "-" "${browser}"`,
    get,
  ],
  [
    "nginx's main, with who it was forwarded for",
    `10.0.0.1 - bob [29/Nov/2026:10:00:00 +0000] "GET /orders?page=2 HTTP/2.0" 200 612 "https://shop.example/" "${browser}" "1.2.3.4"`,
    get,
  ],
  [
    "Apache's vhost_combined",
    `Shop.example:443 10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "GET /orders?page=2 HTTP/1.1" 200 612 "-" "${browser}"`,
    { ...get, host: "shop.example" },
  ],
  [
    "Apache's common",
    `10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "GET /orders?page=2 HTTP/1.1" 200 -`,
    { ...get, agent: undefined },
  ],
  [
    "ingress-nginx's",
    `10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "GET /orders?page=2 HTTP/1.1" 200 612 "-" "${browser}" 82 0.004 [shop-shop-80] [] 10.244.0.7:8080 612 0.004 200 6f8a`,
    get,
  ],
  [
    "Traefik's common",
    `10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "GET /orders?page=2 HTTP/1.1" 200 612 "-" "${browser}" 7 "shop@kubernetes" "http://10.244.0.7:8080" 4ms`,
    get,
  ],
  [
    "Envoy's",
    `[2026-11-29T10:00:00.123Z] "GET /orders?page=2 HTTP/1.1" 200 - 0 612 4 3 "10.0.0.1" "${browser}" "0c7b8a" "shop.example:8443" "10.244.0.7:8080"`,
    { ...get, host: "shop.example" },
  ],
  [
    "Istio's",
    `[2026-11-29T10:00:00.123Z] "GET /orders?page=2 HTTP/1.1" 200 - via_upstream - "-" 0 612 4 3 "-" "${browser}" "0c7b8a" "shop.example" "10.244.0.7:8080" inbound|8080|| 127.0.0.6:41 10.244.0.7:8080 10.0.0.1:0 - default`,
    { ...get, host: "shop.example" },
  ],
  [
    "a line out of a container's log file",
    `2026-11-29T10:00:00.123456789Z stdout F 10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "GET /orders?page=2 HTTP/1.1" 200 612 "-" "${browser}"`,
    get,
  ],
  [
    "nginx's JSON",
    `{"request_method":"GET","request_uri":"/orders?page=2","status":"200","http_host":"shop.example","http_user_agent":"${browser}"}`,
    { ...get, host: "shop.example" },
  ],
  [
    "JSON with the whole request line",
    `{"request":"GET /orders?page=2 HTTP/1.1","status":200,"host":"shop.example","agent":"${browser}"}`,
    { ...get, host: "shop.example" },
  ],
  [
    "JSON with a path that nginx rewrote beside the request line",
    `{"request":"GET /orders?page=2 HTTP/1.1","uri":"/index.php","status":200,"http_user_agent":"${browser}"}`,
    get,
  ],
  [
    "JSON with the query beside the path",
    `{"method":"get","uri":"/orders","args":"page=2","status":200,"user_agent":"${browser}"}`,
    get,
  ],
  [
    "Istio's JSON",
    `{"authority":"shop.example:80","method":"GET","path":"/orders?page=2","response_code":200,"user_agent":"${browser}"}`,
    { ...get, host: "shop.example" },
  ],
  [
    "Traefik's JSON",
    `{"RequestMethod":"GET","RequestPath":"/orders?page=2","RequestHost":"shop.example","DownstreamStatus":200,"request_User-Agent":"${browser}"}`,
    { ...get, host: "shop.example" },
  ],
  [
    "Caddy's",
    `{"logger":"http.log.access","request":{"method":"GET","host":"shop.example","uri":"/orders?page=2","headers":{"User-Agent":["${browser}"]}},"status":200}`,
    { ...get, host: "shop.example" },
  ],
  [
    "pino-http's",
    `{"level":30,"hostname":"pod-1","req":{"method":"GET","url":"/orders?page=2","headers":{"host":"shop.example","user-agent":"${browser}"}},"res":{"statusCode":200}}`,
    { ...get, host: "shop.example" },
  ],
  [
    "a Google load balancer's",
    `{"httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example/orders?page=2","status":200,"userAgent":"${browser}"}}`,
    { ...get, host: "shop.example" },
  ],
  [
    "the Elastic Common Schema's",
    `{"http":{"request":{"method":"GET"},"response":{"status_code":200}},"url":{"original":"/orders?page=2","domain":"shop.example"},"user_agent":{"original":"${browser}"}}`,
    { ...get, host: "shop.example" },
  ],
  [
    "the access log of @seaworthy/service",
    `{"level":30,"time":1,"msg":"request","client":"10.0.0.1","method":"GET","path":"/orders","status":200}`,
    { ...get, path: "/orders", agent: undefined },
  ],
  [
    "bytes that break lines",
    String.raw`10.0.0.1 - - [-] "GET /caf\xC3\xA9/a\"b\\c HTTP/1.1" 404 1 "-" "a \" b"`,
    { ...get, path: "/caf%C3%A9/a%22b%5Cc", status: 404, agent: String.raw`a \" b` },
  ],
  [
    "a path that was decoded",
    `{"method":"GET","path":"/café au lait#top"}`,
    { ...get, path: "/caf%C3%A9%20au%20lait", status: undefined, agent: undefined },
  ],
  [
    "what the load would fill in",
    `{"method":"GET","path":"/{{token}}"}`,
    { ...get, path: "/%7B%7Btoken%7D%7D", status: undefined, agent: undefined },
  ],
  ["a connection that said nothing", `10.0.0.1 - - [-] "" 400 0 "-" "-"`, undefined],
  ["a TLS greeting", String.raw`10.0.0.1 - - [-] "\x16\x03\x01" 400 150 "-" "-"`, undefined],
  ["a tunnel", `10.0.0.1 - - [-] "CONNECT example.com:443 HTTP/1.1" 405 0 "-" "-"`, undefined],
  ["all of a server", `10.0.0.1 - - [-] "OPTIONS * HTTP/1.1" 200 0 "-" "-"`, undefined],
  [
    "a controller's own line",
    `I1129 10:00:00.000000       7 main.go:42] "Starting" version="1.2"`,
    undefined,
  ],
  ["a log line in JSON", `{"level":"info","msg":"listening","port":8080}`, undefined],
  ["half a line", `{"method":"GET","path":"/orders`, undefined],
  ["nothing", "", undefined],
];

for (const [format, line, request] of lines) {
  test(`${format} ${request === undefined ? "is no request" : "is read"}`, () => {
    assert.deepEqual(parseLogLine(line), request);
  });
}

test("whatever a line holds, what comes of it can be sent", () => {
  const pieces = fc.constantFrom(
    '"GET ',
    "/a",
    ' HTTP/1.1" 200 ',
    '"',
    "\\",
    "\\x",
    "{",
    '{"method":"GET","path":"',
    '"}',
    "[",
    " ",
  );
  const line = fc.array(fc.oneof(pieces, fc.string({ unit: "binary" })), { maxLength: 12 });
  fc.assert(
    fc.property(line, (parts) => {
      const request = parseLogLine(parts.join(""));
      if (request === undefined) return;
      assert.match(request.path, /^\/[\x21-\x7e]*$/);
      assert.match(request.method, /^[!-~]+$/);
      assert.ok(request.path.length <= 2_048);
    }),
  );
});

test("a path that a server writes is read as it was asked, in text and in JSON", () => {
  const path = fc.webPath().map((text) => `/${text.replace(/^\/+/, "")}`);
  fc.assert(
    fc.property(path, fc.webQueryParameters(), (bare, query) => {
      const asked = `${bare}?${query}`;
      assert.equal(parseLogLine(`::1 - - [-] "GET ${asked} HTTP/1.1" 200 1`)?.path, asked);
      assert.equal(parseLogLine(JSON.stringify({ method: "GET", path: asked }))?.path, asked);
    }),
  );
});
