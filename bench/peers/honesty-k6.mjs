// A fixed number of requests by k6, whose own metrics are printed as JSON.
import http from "k6/http";

export const options = {
  scenarios: {
    all: {
      executor: "shared-iterations",
      vus: Number(__ENV.CONNECTIONS),
      iterations: Number(__ENV.REQUESTS),
      maxDuration: "60s",
    },
  },
  noConnectionReuse: __ENV.NEW_CONNECTIONS === "yes",
};

export default function () {
  const body = __ENV.METHOD === "POST" ? "order" : null;
  http.request(__ENV.METHOD, __ENV.URL, body, { timeout: "1s" });
}

export function handleSummary({ metrics }) {
  return { stdout: JSON.stringify(metrics) };
}
