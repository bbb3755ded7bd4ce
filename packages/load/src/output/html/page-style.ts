/** The style of the page, light and dark, for screens from 320 px and for paper. */
export const pageStyle = `
:root { color-scheme: light dark;
  --page: #f4f7fa; --card: #ffffff; --text: #14202b; --soft: #566776; --rule: #dde5ec; --grid: #e6ecf1;
  --ok: #4d9fd6; --failed: #d6392f; --doubt: #a86400; --good: #1a7f4b; --due: #14202b;
  --p50: #2a9d8f; --p90: #3478c6; --p99: #8a4fd0; --max: #8796a3; --shade: 0 1px 2px rgb(20 32 43 / 8%); }
@media (prefers-color-scheme: dark) { :root {
  --page: #0d141b; --card: #151f29; --text: #e6edf3; --soft: #9badbc; --rule: #263442; --grid: #22303c;
  --ok: #3d8fc9; --failed: #ff6b5e; --doubt: #e3a23c; --good: #4cc38a; --due: #e6edf3;
  --p50: #43c5b4; --p90: #62a3f0; --p99: #b98af5; --max: #8494a3; --shade: none; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 940px; margin: 0 auto; padding: 32px 16px 64px; }
header { margin-bottom: 24px; padding-left: 18px; border-left: 6px solid var(--good); }
header.failures { border-color: var(--failed); } header.invalid { border-color: var(--doubt); }
.kind { margin: 0; color: var(--soft); font-size: 13px; letter-spacing: .04em; }
h1 { margin: 2px 0 6px; font-size: clamp(24px, 5vw, 34px); line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
.ok h1 { color: var(--good); } .failures h1 { color: var(--failed); } .invalid h1 { color: var(--doubt); }
header p { margin: 2px 0; } .soft { color: var(--soft); }
h2 { margin: 0 0 10px; font-size: 17px; }
section, .figures { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; box-shadow: var(--shade); }
section { margin: 16px 0; padding: 18px 20px; }
section > p { margin: 0 0 10px; color: var(--soft); }
.figures { display: flex; flex-wrap: wrap; gap: 1px; margin: 0; overflow: hidden; background: var(--rule); }
.figures div { flex: 1 1 116px; padding: 12px 14px; background: var(--card); }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures dd small { display: block; white-space: normal; color: var(--soft); font-size: 12px; font-weight: 400; }
.warning { margin: 16px 0 0; padding: 10px 16px; border: 1px solid var(--doubt); border-radius: 10px; background: var(--card); }
.chart { width: 100%; height: auto; font-size: 12px; font-variant-numeric: tabular-nums; }
.chart text { fill: var(--soft); } .narrow { display: none; }
.grid { stroke: var(--grid); } .mark { stroke: var(--soft); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.due { stroke: var(--due); stroke-width: 1.25; stroke-dasharray: 4 3; }
rect.ok { fill: var(--ok); } rect.failed { fill: var(--failed); }
.swatch-ok { stroke: var(--ok); stroke-width: 9; } .swatch-failed { stroke: var(--failed); stroke-width: 9; }
.p50 { stroke: var(--p50); } .p90 { stroke: var(--p90); stroke-dasharray: 7 2; }
.p99, .intended { stroke: var(--p99); } .max, .sent { stroke: var(--max); stroke-dasharray: 2 3; }
.sent { stroke: var(--p50); stroke-dasharray: 7 3; }
.dot { stroke: none; } .dot.p50 { fill: var(--p50); } .dot.p90 { fill: var(--p90); } .dot.p99, .dot.intended { fill: var(--p99); } .dot.max { fill: var(--max); } .dot.sent { fill: var(--p50); }
details { margin-top: 10px; } summary { width: fit-content; color: var(--soft); font-size: 13px; cursor: pointer; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 6px 16px 6px 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
tr > :last-child { padding-right: 0; } tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-size: 13px; font-weight: 400; white-space: nowrap; } tbody th { font-weight: 600; white-space: nowrap; }
td:last-child:not(.number) { min-width: 13em; }
.number { text-align: right; white-space: nowrap; }
.plan th { width: 11em; color: var(--soft); font-weight: 400; white-space: normal; } .plan td { overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: 13px; }
@media (max-width: 640px) { main { padding: 20px 10px 40px; } section { padding: 14px 12px; } .wide { display: none; } .narrow { display: inline; } .plan th { width: 7.5em; } }
@media print { body { background: none; } main { max-width: none; padding: 0; } section { break-inside: avoid; box-shadow: none; } section:has(details[open]) { break-inside: auto; }
  details:not([open]) { display: none; } tr, svg { break-inside: avoid; } .scroll { overflow: visible; } table { font-size: 11px; } th, td { padding-right: 8px; } td:last-child:not(.number) { min-width: 0; } }
`;
