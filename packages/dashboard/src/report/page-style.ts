/**
 * The style of the page, for light and dark screens from 320 px and for paper. The colours of states are those of Okabe and Ito, which
 * the colour-blind can tell apart, darker or lighter where a theme's contrast asks for it (https://jfly.uni-koeln.de/color/).
 */
export const pageStyle = `
:root { color-scheme: light dark;
  --page: light-dark(#f4f6f8, #0e1419); --card: light-dark(#fff, #161e26); --text: light-dark(#15202b, #e8eef3);
  --soft: light-dark(#52616f, #9dafbd); --rule: light-dark(#dbe3ea, #2a3843); --grid: light-dark(#e8edf1, #222e38);
  --pending: light-dark(#2b8cc4, #56b4e9); --ready: light-dark(#009e73, #14b98a); --ending: light-dark(#c98300, #e69f00);
  --lost: light-dark(#c64f00, #ff8a3d); --listed: light-dark(#0072b2, #62b0e8); --good: light-dark(#00795a, #35c99b);
  --doubt: light-dark(#8a5a00, #e6b04a); --bars: light-dark(#9cc9dd, #2f6d8c); --p99: light-dark(#7a3fbf, #c39bf2);
  --held: light-dark(#a23a72, #e58fbc); }
[data-theme="light"] { color-scheme: light; } [data-theme="dark"] { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1060px; margin: 0 auto; padding: 28px 16px 56px; }
header { position: relative; padding: 2px 100px 2px 18px; border-left: 6px solid var(--doubt); }
header.seaworthy { border-color: var(--good); } header.leaking { border-color: var(--lost); }
.kind { margin: 0; color: var(--soft); font-size: 13px; }
h1 { margin: 0; font-size: clamp(28px, 6vw, 42px); line-height: 1.15; letter-spacing: -.01em; color: var(--doubt); }
.seaworthy h1 { color: var(--good); } .leaking h1 { color: var(--lost); }
header p { margin: 4px 0 0; max-width: 70ch; }
h2 { margin: 0 0 4px; font-size: 18px; } h3 { margin: 0; font-size: 15px; overflow-wrap: anywhere; }
section, .figures { margin: 16px 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
section { padding: 18px 20px; } section > p { margin: 0 0 10px; color: var(--soft); max-width: 80ch; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 1px; overflow: hidden; background: var(--rule); }
.figures div { padding: 14px 18px; background: var(--card); } dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; font-size: 28px; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
dd small { display: block; color: var(--soft); font-size: 13px; font-weight: 400; }
.cause { padding: 12px 0; border-top: 1px solid var(--rule); } .cause:first-of-type { border-top: 0; } .cause:last-child { padding-bottom: 0; }
.cause p { margin: 2px 0; } .spared { color: var(--soft); font-weight: 400; } .count { color: var(--lost); font-variant-numeric: tabular-nums; }
pre { margin: 8px 0 0; padding: 10px 12px; border-radius: 8px; background: var(--page); border: 1px solid var(--rule); overflow-x: auto; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.place, code { font: 13px ui-monospace, Menlo, Consolas, monospace; } .place { color: var(--soft); }
button { font: inherit; font-size: 13px; color: var(--text); background: var(--card); border: 1px solid var(--rule); border-radius: 7px; padding: 4px 10px; cursor: pointer; }
#theme { position: absolute; top: 2px; right: 0; }
:focus-visible { outline: 3px solid var(--listed); outline-offset: 2px; }
.filters { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 8px; padding: 0; border: 0; font-size: 14px; } .filters legend { float: left; color: var(--soft); padding: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 6px 0 0; padding: 0; list-style: none; color: var(--soft); font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 6px; } .legend svg { flex: none; }
#readout { min-height: 3em; margin: 8px 0 0; font-variant-numeric: tabular-nums; color: var(--text); } kbd { padding: 0 5px; border: 1px solid var(--rule); border-radius: 4px; font: 12px ui-monospace, monospace; }
.scroll { overflow-x: auto; } .picture { display: block; width: 100%; min-width: 720px; height: auto; font-size: 12px; font-variant-numeric: tabular-nums; }
.defs { position: absolute; } svg text { fill: var(--soft); } svg .head { fill: var(--text); font-weight: 600; font-size: 12px; } svg .pod { white-space: pre; }
.grid { stroke: var(--grid); fill: none; } .zero { stroke: var(--soft); } .rail { stroke: var(--rule); stroke-dasharray: 2 4; }
.pending { fill: none; stroke: var(--pending); stroke-width: 1.4; } .ready { fill: var(--ready); } .ending { fill: url(#hatch); stroke: var(--ending); stroke-width: 1; }
.hatch-back { fill: var(--card); } .hatch-line { fill: var(--ending); } .listed { fill: var(--listed); } .routed { fill: var(--text); } .edged { fill: var(--p99); } .tick { stroke: var(--text); stroke-width: 2; }
.band { fill: none; stroke: var(--doubt); stroke-width: 3; } .band.held { stroke: var(--good); } .band.leaking { stroke: var(--lost); }
.ok { fill: var(--bars); } .lost { fill: var(--lost); }
.line { fill: none; stroke-width: 1.6; stroke-linejoin: round; } .line.p50 { stroke: var(--text); } .line.p99 { stroke: var(--p99); stroke-dasharray: 5 2; }
.cell { fill: var(--pending); } .s0 { opacity: .14; } .s1 { opacity: .26; } .s2 { opacity: .42; } .s3 { opacity: .6; } .s4 { opacity: .8; }
.loss { fill: var(--lost); stroke: var(--card); stroke-width: .8; cursor: pointer; } .loss[href="#m-cut"] { fill: none; stroke: var(--lost); stroke-width: 2; }
.loss[href="#m-broken"] { fill: var(--held); stroke-width: 2.4; paint-order: stroke; }
.moment { stroke: var(--card); stroke-width: .8; } .moment.announced { fill: none; stroke: var(--text); stroke-width: 2; } .moment.unopened { fill: var(--card); stroke: var(--held); stroke-width: 1.8; }
.held { fill: var(--held); } path.held { fill-opacity: .45; stroke: var(--held); stroke-width: 1; }
.loss.selected { fill: var(--text); stroke: var(--text); stroke-width: 3; } .off { display: none; }
.cursor { fill: none; stroke: var(--text); stroke-width: 1; stroke-dasharray: 3 3; pointer-events: none; } [hidden] { display: none; }
details { margin-top: 10px; } summary { width: fit-content; color: var(--soft); font-size: 13px; cursor: pointer; }
table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 400; white-space: nowrap; } tbody th { font-weight: 600; } .number { text-align: right; white-space: nowrap; }
#losses .scroll { max-height: 480px; overflow: auto; }
dialog { width: min(720px, calc(100vw - 24px)); max-height: 88vh; padding: 20px; border: 1px solid var(--rule); border-radius: 12px; background: var(--card); color: var(--text); overflow: auto; }
dialog::backdrop { background: rgb(0 0 0 / 45%); } dialog h2 { padding-right: 70px; } #close { position: absolute; top: 18px; right: 18px; } dialog p { margin: 6px 0; }
.waterfall { display: block; width: 100%; margin: 10px 0; font-size: 12px; } .waterfall path { stroke: var(--rule); } .waterfall circle.other { fill: var(--soft); } .waterfall circle.own { fill: var(--lost); } .waterfall path.own { stroke: var(--lost); stroke-width: 2; }
.waterfall text { paint-order: stroke; stroke: var(--card); stroke-width: 3px; fill: var(--text); }
footer { color: var(--soft); font-size: 13px; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; scroll-behavior: auto !important; } }
@media (max-width: 640px) { main { padding: 18px 10px 40px; } section { padding: 14px 12px; } header { padding-right: 104px; } .figures { grid-template-columns: 1fr; } .figures div { padding: 10px 14px; } .waterfall { font-size: 15px; } }
@media print { :root, [data-theme] { color-scheme: light; } body { background: none; font-size: 12px; } main { max-width: none; padding: 0; } section, .figures { break-inside: avoid; } section:has(details[open]) { break-inside: auto; }
  #theme, .filters, #readout, details:not([open]), .keys { display: none; } .scroll { overflow: visible; } .picture { min-width: 0; } tr, svg, .cause { break-inside: avoid; } #losses .scroll { max-height: none; } #losses:not(:has(details[open])) { display: none; } thead th { white-space: normal; } * { print-color-adjust: exact; } }
`;
