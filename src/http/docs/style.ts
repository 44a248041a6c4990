/** Of the documentation. */
export const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: light-dark(#0b57d0, #a8c7fa); }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1rem; }
h1 small { font-weight: normal; }
h2 { margin-top: 3rem; text-transform: capitalize; }
section { border-top: 1px solid var(--line); padding: .5rem 0 1rem; }
h3 { overflow-wrap: anywhere; }
.method { color: var(--accent); }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
caption { text-align: left; font-weight: bold; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: normal; }
`;
