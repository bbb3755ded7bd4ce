// What Node's sockets can do at most: one request under way on each connection, and nothing looked at but its end.
// usage: node ask-bare.mjs PORT CONNECTIONS
import { connect } from "node:net";

const [port, connections] = process.argv.slice(2).map(Number);
const request = Buffer.from(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
const buffer = Buffer.alloc(65_536);

for (let i = 0; i < connections; i++) {
  const socket = connect({
    host: "127.0.0.1",
    port,
    noDelay: true,
    onread: {
      buffer,
      callback: () => {
        socket.write(request);
        return true;
      },
    },
  });
  socket.on("connect", () => socket.write(request));
}
