import { html, raw } from 'hono/html';
import type { ResourceRecord } from '../model.ts';
import { Overview, summarise } from './overview.tsx';
import { favicon, Shapes } from './phase.tsx';
import { script } from './script.ts';
import { Server } from './server.tsx';
import { style } from './style.ts';
import { PhaseChanges } from './timeline.tsx';

/** Up to so many resources are shown with all their backends at once; of more, only those in trouble. */
const few = 6;

/** The part that lists all resources. */
export function Servers({ records, now }: { records: readonly ResourceRecord[]; now: number }) {
  return (
    <div id="servers" class="servers">
      {records.length === 0 && <Empty />}
      {records.map(record => (
        <Server record={record} now={now} open={records.length <= few} />
      ))}
    </div>
  );
}

/** One of them. */
export function OneServer({ record, of, now }: { record: ResourceRecord; of: number; now: number }) {
  return <Server record={record} now={now} open={of <= few} />;
}

export function titleOf(records: readonly ResourceRecord[], now: number): string {
  return `${summarise(records, now).text} – vMCP status`;
}

/** The whole page. */
export function Page(props: { records: readonly ResourceRecord[]; now: number; nonce: string }) {
  const { records, now, nonce } = props;
  return html`<!doctype html>${(
    <html lang="en" data-now={String(now)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{titleOf(records, now)}</title>
        <link id="icon" rel="icon" href={favicon(summarise(records, now).mark)} />
        <noscript>
          <meta http-equiv="refresh" content="30" />
        </noscript>
        <style nonce={nonce}>{raw(style)}</style>
      </head>
      <body>
        <a class="skip" href="#servers">
          Skip to the servers
        </a>
        <Shapes />
        <header class="top">
          <p class="brand">
            <span aria-hidden="true" class="logo" />
            vMCP status
          </p>
          <p id="connection" class="connection" role="status" hidden />
          <noscript>
            <p class="connection">
              Refreshes every 30 s. <a href="./">Refresh now</a>
            </p>
          </noscript>
        </header>
        <main>
          <Overview records={records} now={now} />
          <Servers records={records} now={now} />
          <PhaseChanges records={records} now={now} />
        </main>
        <footer>
          <p>
            What gateways have reported to this service, and what became of it. Also as{' '}
            <a href="v1/virtualmcpservers">JSON</a> and <a href="metrics">metrics</a>; how to report:{' '}
            <a href="docs">API</a>.
          </p>
        </footer>
        <p id="announcement" class="unseen" role="status" aria-live="polite" />
        <script nonce={nonce}>{raw(script)}</script>
      </body>
    </html>
  )}`;
}

function Empty() {
  return (
    <div class="empty">
      <p>A virtual MCP server appears here with its first report:</p>
      <pre>
        <code>PUT /v1/namespaces/NAMESPACE/virtualmcpservers/NAME/status</code>
      </pre>
    </div>
  );
}
