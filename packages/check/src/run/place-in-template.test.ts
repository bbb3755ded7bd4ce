import assert from "node:assert/strict";
import { test } from "node:test";
import { placeInTemplate } from "./place-in-template.ts";

const template = `{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        {{- range .Values.ports }}
        - name: a
          image: "x:{{ $.Values.tag }}"
        {{- end }}
        - name: b
          image: y
{{- end }}
`;

const rendered = `---
# Source: shop/templates/service.yaml
kind: Service
---
# Source: shop/templates/app.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: release
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: a
        image: "x:1"
      - name: b
        image: y
---
kind: Made
`;

function placed(text: string, column = 1, length = 1): string | undefined {
  const lines = rendered.split("\n");
  const line = lines.findIndex((each) => each.includes(text)) + 1;
  const place = placeInTemplate(
    { file: "helm template shop", line, column, length, label: "here" },
    rendered,
    (path) =>
      path === "shop/templates/app.yaml"
        ? { name: "charts/shop/templates/app.yaml", text: template }
        : undefined,
  );
  return place && `${place.file}:${place.line}:${place.column}+${place.length}`;
}

test("a line that is the same in the template is found there, with its column", () => {
  assert.equal(placed("kind: Deployment", 7, 10), "charts/shop/templates/app.yaml:3:7+10");
  assert.equal(placed("name: b", 9, 7), "charts/shop/templates/app.yaml:15:11+7");
});

test("a line whose value was filled in is found by its key, when there is one", () => {
  assert.equal(placed("replicas: 1", 13, 1), "charts/shop/templates/app.yaml:7:3+32");
  assert.equal(placed('image: "x:1"', 16, 5), "charts/shop/templates/app.yaml:13:11+29");
});

test("what comes from elsewhere stays where it was rendered", () => {
  assert.equal(placed("kind: Service"), undefined);
  assert.equal(placed("kind: Made"), undefined);
});
