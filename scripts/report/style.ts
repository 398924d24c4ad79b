/** The look of a report: light, for a screen and for paper, with the fonts that are there. */
export const style = `
:root { color-scheme: light; --ink: #1a1a1a; --faded: #5a5a5a; --line: #dcdcdc; --tint: #f6f6f4;
  --good: #0b6e4f; --bad: #a63a00; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 3rem 1.5rem 4rem; max-width: 54rem; color: var(--ink); background: white;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Verdana, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { margin: 3.25rem 0 1rem; padding-top: .9rem; border-top: 2px solid var(--ink); font-size: 1.35rem; line-height: 1.25; }
h3 { margin: 2rem 0 .5rem; font-size: 1.05rem; }
p, ul { margin: .75rem 0; max-width: 46rem; }
ul { padding-left: 1.2rem; }
li + li { margin-top: .3rem; }
a { color: #0059a3; }
.lead { margin-top: 0; color: var(--faded); }
.notes, caption { color: var(--faded); font-size: .9rem; }
caption { text-align: left; padding: .8em 0 .3em; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem 1.25rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-bottom-color: var(--ink); font-weight: 600; white-space: nowrap; }
tbody th { padding-top: 1.1rem; font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.short { white-space: nowrap; }
td.name { min-width: 8rem; overflow-wrap: anywhere; }
.verdict { display: inline-block; padding: 0 .5em; border: 1px solid; border-radius: .3em; font-size: .85em; font-weight: 600; }
.reproduced { color: var(--good); }
.reversed { color: var(--bad); }
.undecided { color: var(--faded); }
figure { margin: 1.5rem 0 2.5rem; }
figure svg { display: block; max-width: 100%; height: auto; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--faded); font-size: .9rem; }
details.run > summary { color: var(--ink); font-size: 1.05rem; font-weight: 600; overflow-wrap: anywhere; }
details.run { border-top: 1px solid var(--line); padding-top: .6rem; }
pre { margin: .5rem 0 1rem; padding: .75rem 1rem; background: var(--tint); border-radius: .3rem; font-size: .8rem; line-height: 1.45;
  white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2; }
pre, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: .75rem 0; font-size: .9rem; }
dt { color: var(--faded); }
dd { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 4rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--faded); font-size: .85rem; overflow-wrap: anywhere; }
@media (max-width: 40rem) { body { padding: 1.5rem 1rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
@page { margin: 16mm 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2, h3, summary { break-after: avoid; }
  tr:has(th[scope]) { break-after: avoid; }
  figure, tr, details.run > dl { break-inside: avoid; }
  figure svg { max-height: 245mm; }
  .wide { overflow: visible; }
  details:not(.run) { display: none; }
  details.run::details-content { content-visibility: visible; block-size: auto; }
}
`
