/**
 * Asks a real API server every read of test/reads/read-cases.ts, and writes the answers down, which the embedded one is
 * then held against. It works in the namespace `reads`, which it makes and takes away again.
 *
 * usage: node bench/ask-real/reads.ts [OUT.json]        KUBECONFIG names the cluster
 */
import { writeFileSync } from "node:fs";
import { createClient, httpTransport, readKubeconfig } from "@seaworthy/client";
import { askRead, makeState, removeState, type ReadAnswer } from "../../test/reads/ask-read.ts";
import { readCases } from "../../test/reads/read-cases.ts";
import { serverVersion } from "../measured/server-version.ts";

const out = process.argv[2] ?? "test/reads/answers.generated.json";
const transport = httpTransport(await readKubeconfig());
const client = createClient(transport);
const state = await makeState(client, transport);

const answers: Record<string, ReadAnswer> = {};
for (const asked of readCases) answers[asked] = await askRead(transport, asked, state);
await removeState(client);

const gitVersion = await serverVersion(transport);
writeFileSync(out, `${JSON.stringify({ answeredBy: `kube-apiserver ${gitVersion}`, answers }, null, 2)}\n`);
process.stdout.write(`${readCases.length} reads, answered by ${gitVersion}: ${out}\n`);
