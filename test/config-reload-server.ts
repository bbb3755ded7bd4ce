// A service whose answers come from a ConfigMap, over HTTP and HTTPS: node config-reload-server.ts CONFIG_FOLDER TLS_FOLDER
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createService, type ConfigFiles } from "@seaworthy/service";

const [configDirectory = "", tlsDirectory = ""] = process.argv.slice(2);
const service = createService();

/** Two files, each with its generation: an answer whose two numbers differ was made of two generations. */
const parse = (files: ConfigFiles) => ({
  left: JSON.parse(String(files.get("left.json"))) as { generation: number },
  right: JSON.parse(String(files.get("right.json"))) as { generation: number },
});
const config = await service.watchConfig({ directory: configDirectory, parse });

const server = service.attach(
  createServer((_, response) => {
    const { left, right } = config.current;
    response.setHeader("x-generation", `${left.generation} ${right.generation}`);
    response.end(JSON.stringify(config.current));
  }),
);
const secureServer = service.attach(createSecureServer((_, response) => response.end("hello")));
await service.watchTls(secureServer, { directory: tlsDirectory });

// A longer queue than Node's 511, for a machine that does other things, too: 1,000 new connections come each second.
server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 });
secureServer.listen(0, "127.0.0.1");
