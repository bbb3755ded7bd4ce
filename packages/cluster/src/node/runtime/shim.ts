/**
 * What is loaded into every Node process of a pod under the shim runtime, by `NODE_OPTIONS=--require`.
 * Its source text is written to a file of its own, so it may refer to nothing outside itself.
 *
 * - A server that listens on all addresses or on localhost listens on the pod's address instead.
 * - A path below a mount point leads to the folder that is mounted there.
 * - SIGTERM without a handler does nothing, as for PID 1.
 */
export function shim(): void {
  const net = process.getBuiltinModule("node:net");
  const fs = process.getBuiltinModule("node:fs");
  const { syncBuiltinESMExports } = process.getBuiltinModule("node:module");
  const podIp = process.env["SEAWORTHY_POD_IP"];
  const mounts = JSON.parse(process.env["SEAWORTHY_MOUNTS"] ?? "[]") as { from: string; to: string }[];
  const everywhere = new Set([undefined, null, "", "0.0.0.0", "::", "localhost", "127.0.0.1", "::1"]);

  if (podIp !== undefined) {
    const listen = net.Server.prototype.listen as (...args: unknown[]) => import("node:net").Server;
    net.Server.prototype.listen = function (this: import("node:net").Server, ...args: unknown[]) {
      const [first, second] = args;
      if (typeof first === "object" && first !== null && "port" in first) {
        const options = first as { host?: string };
        if (everywhere.has(options.host)) args[0] = { ...options, host: podIp };
      } else if (first === undefined || typeof first === "function") {
        args.unshift(0, podIp);
      } else if (typeof first === "number" || (typeof first === "string" && /^\d+$/.test(first))) {
        if (typeof second !== "string") args.splice(1, 0, podIp);
        else if (everywhere.has(second)) args[1] = podIp;
      }
      return listen.apply(this, args);
    } as typeof net.Server.prototype.listen;
  }

  if (mounts.length > 0) {
    const move = (path: unknown): unknown => {
      if (typeof path !== "string") return path;
      const mount = mounts.find(({ from }) => path === from || path.startsWith(`${from}/`));
      return mount === undefined ? path : mount.to + path.slice(mount.from.length);
    };
    const names =
      "access,appendFile,createReadStream,createWriteStream,exists,lstat,mkdir,open,opendir,readFile,readdir,readlink,realpath,rm,stat,unlink,watch,watchFile,writeFile";
    const patch = (target: Record<string, unknown>, name: string) => {
      const original = target[name];
      if (typeof original !== "function") return;
      target[name] = Object.assign(function (this: unknown, path: unknown, ...rest: unknown[]) {
        return original.call(this, move(path), ...rest) as unknown;
      }, original);
    };
    for (const name of names.split(",")) {
      patch(fs, name);
      patch(fs, `${name}Sync`);
      patch(fs.promises, name);
    }
    syncBuiltinESMExports();
  }

  // Only for the container's own first process: what it starts is not PID 1.
  if (process.env["SEAWORTHY_PARENT"] === String(process.ppid)) process.on("SIGTERM", () => {});
  delete process.env["SEAWORTHY_PARENT"];
}
