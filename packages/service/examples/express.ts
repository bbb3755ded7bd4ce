import { createServer } from "node:http";
import { createService } from "@seaworthy/service";
import express from "express";

const service = createService({ serviceName: "shop" });
const app = express();
app.get("/hello/:name", (request, response) => {
  response.send(`hello ${request.params.name}\n`);
});
service.attach(createServer(app)).listen(Number(process.env["PORT"] ?? 8080));
