export { curveChart, type Curve, type CurveChart } from './charts/curve-chart.ts';
export { html, raw, type Markup } from './document/html.ts';
export { pageStyle } from './style/page-style.ts';
