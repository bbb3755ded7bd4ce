// As many requests as 32 users of k6 can make.
import http from "k6/http";

export const options = { vus: 32, duration: "60s" };

export default function () {
  http.get(__ENV.URL);
}
