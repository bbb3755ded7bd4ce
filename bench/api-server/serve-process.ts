// The API server alone, as kube-apiserver with etcd is alone: no controllers, no nodes. Prints its kubeconfig when it is ready.
import { join } from "node:path";
import { saveMemory } from "../../packages/cli/src/save-memory.ts";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { openSqliteLog } from "../../packages/cluster/src/apiserver/store/sqlite-log.ts";
import { Store } from "../../packages/cluster/src/apiserver/store/store.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";

saveMemory();
const folder = process.argv[2];
const store = new Store(folder === undefined ? {} : { log: openSqliteLog(join(folder, "objects.sqlite")) });
const server = createApiServer({ clock: systemClock, random: seededRandom(1), store });
// What is bundled cannot await at its top (scripts/packages/build-program.ts).
void server.start({ port: 0 }).then(({ kubeconfig }) => process.send?.({ kubeconfig }));
process.on("disconnect", () => process.exit(0));
