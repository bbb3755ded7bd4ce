/**
 * Asks a real API server each question of test/authorization/questions.txt about the roles and bindings of policy.json beside
 * it, and writes its answers down, which the embedded one is then held against. All that is made is taken away again.
 *
 * usage: node bench/ask-real/authorization.ts        KUBECONFIG names the cluster
 */
import { writeFileSync } from "node:fs";
import { httpTransport, readKubeconfig } from "@seaworthy/client";
import { ask, makePolicy, readQuestions, removePolicy, type Answer } from "../../test/authorization/can-i.ts";

const out = "test/authorization/answers.generated.json";
const transport = httpTransport(await readKubeconfig());
const answers: Record<string, Answer> = {};
try {
  await makePolicy(transport);
  // Its caches follow a little later, and roles are gathered into others.
  await new Promise((resolve) => {
    setTimeout(resolve, 3000);
  });
  for (const question of readQuestions()) answers[question] = await ask(transport, question);
} finally {
  await removePolicy(transport);
}
writeFileSync(out, `${JSON.stringify(answers, null, 2)}\n`);
const allowed = Object.values(answers).filter((answer) => answer.allowed).length;
process.stdout.write(`${Object.keys(answers).length} questions, ${allowed} allowed: ${out}\n`);
