/**
 * Sends a real API server the requests of test/authorization/requests.ts and writes its answers down, which the embedded one is
 * then held against. All that is made is taken away again.
 *
 * usage: node bench/ask-real/identities.ts        KUBECONFIG names the cluster
 */
import { writeFileSync } from "node:fs";
import { httpTransport, readKubeconfig } from "@seaworthy/client";
import { askRequest, type RequestAnswer } from "../../test/authorization/ask-request.ts";
import { endings, preparations, requests } from "../../test/authorization/requests.ts";

const out = "test/authorization/request-answers.generated.json";
const transport = httpTransport(await readKubeconfig());
const answers: Record<string, RequestAnswer[]> = {};
try {
  for (const asked of preparations) await askRequest(transport, asked);
  for (const [about, list] of Object.entries(requests)) {
    answers[about] = [];
    for (const asked of list) {
      // Its caches of roles follow a little later.
      await new Promise((resolve) => {
        setTimeout(resolve, asked.path.includes("rbac") ? 500 : 50);
      });
      answers[about].push(await askRequest(transport, asked));
    }
  }
} finally {
  for (const asked of endings) await askRequest(transport, asked);
}
writeFileSync(out, `${JSON.stringify(answers, null, 1)}\n`);
process.stdout.write(`${Object.values(answers).flat().length} answers: ${out}\n`);
