import { seededRandom } from "../../../random.ts";
import { openSqliteLog } from "../sqlite-log.ts";
import { Store } from "../store.ts";

// A process that writes until it is killed, and tells its parent of a write when an API server would answer it.
const [file = "", seed = "1"] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const tell = (message: object) => process.send?.(message);

try {
  const store = new Store({ log: openSqliteLog(file) });
  for (let step = 0; ; step += 1) {
    const writes = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
      const name = `c${Math.floor(random() * 40)}`;
      const data = { step: String(step), text: String(step).repeat(50) };
      const object = { kind: "ConfigMap", apiVersion: "v1", metadata: { name, namespace: "default" }, data };
      return store.put("/configmaps", `default/${name}`, object);
    });
    await store.committed();
    for (const { key, revision } of writes) tell({ key, revision });
  }
} catch (error) {
  tell({ refused: (error as { code?: string }).code });
  process.disconnect?.();
}
