/** The page's style. Colours are pairs that keep a contrast of at least 4.5 to 1 on their grounds, light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f6f3; --card: #fff; --line: #e3e3dd; --text: #1d2024; --soft: #5a6067; --link: #1f5fb0;
  --ok: #1a7547; --ok-tint: #e6f4ec; --ok-fill: #36a86f;
  --warn: #8a5300; --warn-tint: #fdf1dc; --warn-fill: #e3a02c;
  --bad: #b3261e; --bad-tint: #fdeae8; --bad-fill: #d9534a;
  --wait: #4d5c70; --wait-tint: #ebeff4; --wait-fill: #9fb0c4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111315; --card: #191c1f; --line: #2b2f34; --text: #e7e9ec; --soft: #a2a9b2; --link: #8ab8f5;
    --ok: #6bd39a; --ok-tint: #16291f; --ok-fill: #2f9a64;
    --warn: #efb957; --warn-tint: #2e2413; --warn-fill: #c58920;
    --bad: #ff9189; --bad-tint: #341a18; --bad-fill: #cf4a42;
    --wait: #aebbcb; --wait-tint: #20262d; --wait-fill: #5f7085;
  }
}
.ok { --tone: var(--ok); --tint: var(--ok-tint); --fill: var(--ok-fill); }
.warn { --tone: var(--warn); --tint: var(--warn-tint); --fill: var(--warn-fill); }
.bad { --tone: var(--bad); --tint: var(--bad-tint); --fill: var(--bad-fill); }
.wait { --tone: var(--wait); --tint: var(--wait-tint); --fill: var(--wait-fill); }

* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 66rem; padding: 0 1.5rem 3rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1, h2, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--link); text-underline-offset: .2em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 4px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--card); border-radius: 8px; z-index: 1; }
.skip:focus { top: .75rem; }
.shapes { position: absolute; width: 0; height: 0; }
.icon {
  width: 1em; height: 1em; flex: none; color: var(--tone); fill: none; stroke: currentColor; stroke-width: 1.6;
  stroke-linecap: round; stroke-linejoin: round;
}
.namespace { color: var(--soft); font-weight: 400; }
.note { display: block; color: var(--soft); font-size: .8125rem; font-weight: 400; line-height: 1.4; }

.top { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 4.5rem; }
.brand { display: flex; align-items: center; gap: .6rem; font-weight: 600; letter-spacing: -.01em; }
.logo { width: .9rem; height: .9rem; border-radius: 4px; border: .25rem solid var(--text); }
.connection { display: flex; align-items: center; gap: .5rem; color: var(--soft); font-size: .875rem; text-align: right; }
.connection[hidden] { display: none; }
.connection[data-state]::before { content: ""; width: .5rem; height: .5rem; flex: none; border-radius: 50%; background: var(--ok-fill); }
.connection[data-state=lost] { color: var(--warn); font-weight: 500; }
.connection[data-state=lost]::before { background: none; border: 2px solid var(--warn-fill); }

.overview { padding: 2rem 0 2.25rem; }
h1 {
  display: flex; align-items: center; gap: .7rem; font-size: clamp(1.5rem, 1.1rem + 2vw, 2.125rem); font-weight: 650;
  line-height: 1.2; letter-spacing: -.022em;
}
.counts { margin-top: .4rem; color: var(--soft); }
.index { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1.25rem; }
.index a {
  display: flex; align-items: center; gap: .45rem; padding: .3rem .8rem .3rem .6rem; border: 1px solid var(--line);
  border-radius: 99px; background: var(--card); color: var(--text); font-size: .875rem; text-decoration: none;
}
.index .namespace { margin-right: -.45rem; }
.index a:hover { border-color: var(--tone); }

.servers { display: grid; gap: 1.25rem; }
.server {
  padding: 1.4rem 1.6rem 1.25rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card);
  box-shadow: 0 1px 2px rgb(0 0 0 / .03);
}
.server:focus { outline: none; }
.server:target { border-color: var(--tone); }
.server > header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .15rem 1rem; }
h2 { flex: 1 1 0; font-size: 1.1875rem; font-weight: 620; line-height: 1.35; letter-spacing: -.012em; }
.message { flex-basis: 100%; color: var(--soft); }
.badge {
  display: inline-flex; align-items: center; gap: .4rem; padding: .1rem .6rem .1rem .45rem; border-radius: 99px;
  background: var(--tint); color: var(--tone); font-size: .8125rem; font-weight: 550; line-height: 1.5; white-space: nowrap;
}
.concerns { display: grid; gap: .5rem; margin-top: 1rem; }
.concerns li {
  display: flex; gap: .65rem; padding: .6rem .8rem; border-radius: 9px; background: var(--warn-tint); font-size: .9375rem;
}
.concerns .icon { margin-top: .25rem; }

.timeline { margin-top: 1.1rem; }
.timeline svg { display: block; width: 100%; height: .5rem; border-radius: 4px; background: var(--wait-tint); }
.timeline rect { fill: var(--fill); }
.timeline figcaption { display: flex; justify-content: space-between; gap: 1rem; margin-top: .35rem; color: var(--soft); font-size: .8125rem; }

.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.25rem, 1fr)); gap: .9rem 1.25rem; margin-top: 1.1rem; }
dt { color: var(--soft); font-size: .8125rem; }
dd { font-size: .9375rem; font-weight: 500; }

details { margin-top: 1.1rem; border-top: 1px solid var(--line); }
summary { padding: .75rem 0 0; color: var(--soft); font-size: .875rem; cursor: pointer; }
summary:hover { color: var(--text); }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: .5rem 3rem; align-items: start; }
table { width: 100%; margin-top: .9rem; border-collapse: collapse; font-size: .9375rem; }
caption { padding-bottom: .3rem; font-size: .875rem; font-weight: 600; text-align: left; }
th, td { padding: .5rem .9rem .25rem 0; text-align: left; vertical-align: top; }
tbody { border-top: 1px solid var(--line); }
tr > :nth-child(2) { width: 1%; white-space: nowrap; }
.notes td { padding: 0 0 .55rem; }
.notes .note + .note { margin-top: .1rem; }
thead th { padding: 0 .75rem .35rem 0; color: var(--soft); font-size: .8125rem; font-weight: 400; }
tbody th { font-weight: 500; }
th.when, td.when { width: 5.2rem; padding-right: 0; text-align: right; white-space: nowrap; }
td.when { color: var(--soft); font-size: .875rem; line-height: 1.6; }

.changes { margin-top: 2.75rem; }
.changes ol { margin: .6rem 0 .75rem; }
.changes li {
  display: grid; grid-template-columns: 6.5rem 7.25rem 1fr; align-items: center; gap: .25rem .75rem; padding: .5rem 0;
  border-top: 1px solid var(--line); font-size: .9375rem;
}
.changes .clock { color: var(--soft); }
.changes .badge { justify-self: start; }
.changes .what { color: var(--soft); }
.empty { padding: 2rem; border: 1px dashed var(--line); border-radius: 14px; color: var(--soft); }
pre { margin: .75rem 0 0; white-space: pre-wrap; font: .875rem/1.6 ui-monospace, "SF Mono", Menlo, monospace; color: var(--text); }
footer { margin-top: 3rem; padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }

@media (max-width: 40rem) {
  body { padding: 0 1rem 2rem; }
  .top { min-height: 3.75rem; }
  .overview { padding: 1.1rem 0 1.5rem; }
  .server { padding: 1.1rem 1.1rem 1rem; border-radius: 12px; }
  .facts { grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); }
  .changes li { grid-template-columns: 6.5rem 1fr; }
  .changes .what { grid-column: 1 / -1; }
}
@media (prefers-reduced-motion: no-preference) {
  .changed { animation: changed 1.8s ease-out; }
  @keyframes changed { from { border-color: var(--tone); box-shadow: 0 0 0 4px var(--tint); } }
}
`;
