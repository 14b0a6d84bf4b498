/** What pages of many sections need beside `pageStyle`. Tones differ in weight and words too, never in colour alone. */
export const documentStyle = `
html { scroll-padding-top: 12px; } a { color: var(--training); }
p.strong { font-weight: 600; } p.good, p.bad { padding: 10px 16px; background: var(--panel); border-left: 4px solid var(--good); }
p.bad { border-color: var(--bad); background: var(--warn-surface); }
strong.good { color: var(--good); } strong.bad { color: var(--bad); }
h3 { font-size: 16px; margin: 28px 0 8px; } h4, h5 { font-size: 15px; margin: 20px 0 6px; }
nav { margin: 24px 0; padding: 12px 18px; background: var(--panel); }
nav ol { margin: 0; padding-left: 22px; columns: 260px auto; column-gap: 32px; } nav li { break-inside: avoid; }
section { border-top: 1px solid var(--rule); margin-top: 40px; } section > h2 { margin-top: 20px; }
caption { text-align: left; color: var(--text-soft); font-size: 13px; padding: 4px 0 6px; max-width: min(90ch, 100vw - 28px); }
.scroll { margin: 12px 0 20px; } tbody th { color: var(--text); font-size: inherit; font-weight: 500; white-space: nowrap; vertical-align: top;
  position: sticky; left: 0; background: var(--surface); }
td { vertical-align: top; } td.wide { white-space: normal; min-width: 180px; max-width: 420px; }
@media screen {
  .dense, .dense tbody th { font-size: 12px; font-stretch: condensed; } .dense thead th, .dense code { font-size: 11px; }
  .dense th, .dense td { padding: 5px 6px 5px 0; } .dense td.wide { min-width: 75px; }
  .dense td:has(code) { white-space: normal; min-width: 8.2ch; }
}
.heat, .hot { background: color-mix(in srgb, var(--training) var(--heat), transparent); padding: 6px 8px; print-color-adjust: exact; }
.hot { color: var(--surface); }
.figures { grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); margin: 12px 0 20px; }
.figures figure { break-inside: avoid; } .figures figcaption { color: var(--text); font-weight: 500; margin-bottom: 4px; }
.broad { grid-column: 1 / -1; overflow-x: auto; } .broad svg { min-width: 720px; }
.drawings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr)); gap: 8px 12px; }
.drawings svg { display: block; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 16px 20px; margin: 12px 0 20px; }
.pictures figure { break-inside: avoid; } .pictures img { image-rendering: pixelated; display: block; border: 1px solid var(--rule); margin-bottom: 4px; }
pre { overflow-x: auto; padding: 12px 16px; background: var(--panel); margin: 12px 0; }
details { margin: 10px 0; } summary { cursor: pointer; padding: 4px 0; }
@media (max-width: 640px) { body { padding: 20px 14px 48px; } }
@media print {
  @page { margin: 14mm; }
  body { font-size: 11px; } h1 { font-size: 22px; } h2 { font-size: 17px; } table { font-size: 10px; }
  h2, h3, h4, caption, figcaption, section > p, .part > p { break-after: avoid; } caption, th, code, figcaption { font-size: 10px; } tr, .pictures figure, .figures figure { break-inside: avoid; }
  section { break-inside: auto; margin-top: 20px; } thead { display: table-header-group; }
  th, td { padding: 3px 8px 3px 0; } .heat, .hot { padding: 3px 8px; } dl { break-inside: avoid; } tbody th { position: static; } .scroll, .broad, pre { overflow: visible; } pre { white-space: pre-wrap; }
  .figures { grid-template-columns: 1fr 1fr; } .drawings { grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); } .broad svg { min-width: 0; } nav { break-after: avoid; }
  details.printed::details-content { content-visibility: visible; block-size: auto; }
}
`;
