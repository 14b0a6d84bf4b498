/** The look of every report. Colours are Okabe and Ito's, told apart with any kind of colour vision; dark mode takes lighter ones. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --surface: #ffffff; --panel: #f6f7f9; --text: #1b1f24; --text-soft: #57606a; --rule: #d5d9de;
  --training: #0072b2; --validation: #c14f00; --third: #8e4585; --good: #00674b; --bad: #b00020; --warn-surface: #fff4d6;
  --scale-1: #b9c7d3; --scale-2: #8fb2cc; --scale-3: #5b95c0; --scale-4: #2572a8; --scale-5: #00426f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --surface: #14171b; --panel: #1d2126; --text: #e6e9ed; --text-soft: #a3abb5; --rule: #3a414a;
    --training: #56b4e9; --validation: #f0a830; --third: #d59ac4; --good: #4cc9a0; --bad: #ff8a80; --warn-surface: #3a2f10;
    --scale-1: #3c4650; --scale-2: #46617a; --scale-3: #4d86b3; --scale-4: #6fb4e6; --scale-5: #c2e6ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 32px 24px 64px; background: var(--surface); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 12px; }
p { margin: 8px 0; max-width: 75ch; } .soft { color: var(--text-soft); }
.verdict { margin: 20px 0; padding: 14px 18px; border-left: 4px solid var(--good); background: var(--panel); }
.verdict.bad { border-color: var(--bad); } .verdict strong { color: var(--good); } .verdict.bad strong { color: var(--bad); }
.verdict p { margin: 4px 0; }
.warning { margin: 20px 0; padding: 12px 18px; background: var(--warn-surface); border-left: 4px solid var(--validation); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { font-weight: 600; color: var(--text-soft); font-size: 13px; white-space: normal; vertical-align: bottom; } .number { text-align: right; }
code { font: 13px/1.4 ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 12px 24px; }
figure { margin: 0; } svg { width: 100%; height: auto; font-family: inherit; font-size: 12px; }
figcaption { color: var(--text-soft); font-size: 13px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 0; }
dt { color: var(--text-soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 640px) { dl { grid-template-columns: 1fr; } dd { margin-bottom: 8px; } }
@media print {
  :root { --surface: #fff; --panel: #fff; --text: #000; --text-soft: #444; --rule: #bbb; --training: #0072b2;
    --validation: #c14f00; --third: #8e4585; --good: #00674b; --bad: #b00020; --warn-surface: #fff;
    --scale-1: #b9c7d3; --scale-2: #8fb2cc; --scale-3: #5b95c0; --scale-4: #2572a8; --scale-5: #00426f; }
  body { max-width: none; padding: 0; font-size: 12px; } section { break-inside: avoid; }
}
`;
