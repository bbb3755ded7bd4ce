import type { Server } from "node:http";
import type { MetricsRegistry } from "./metrics-registry.ts";

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts a server's requests by method and status code, their durations, and those in flight. */
export function measureRequests(
  server: Server,
  registry: MetricsRegistry,
  now: () => number = () => performance.now(),
): void {
  const total = registry.counter("http_requests_total", "Requests answered.", ["method", "code"]);
  const duration = registry.histogram(
    "http_request_duration_seconds",
    "From request head to end of answer.",
    secondsBuckets,
  );
  const inFlight = registry.gauge("http_requests_in_flight", "Requests not yet answered in full.");
  server.prependListener("request", (request, response) => {
    const start = now();
    inFlight.add(1);
    response.once("close", () => {
      inFlight.add(-1);
      // 499 as nginx has it: the client went away before the answer was complete.
      total.increment([
        request.method ?? "",
        response.writableFinished ? String(response.statusCode) : "499",
      ]);
      duration.observe((now() - start) / 1_000);
    });
  });
}
