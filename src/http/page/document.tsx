import { html } from 'hono/html';
import type { ResourceRecord } from '../model.ts';
import { fill } from '../template.ts';
import { Overview, summarise } from './overview.tsx';
import { favicon } from './phase.tsx';
import { Server } from './server.tsx';
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

/** The whole page: `template` with what is known. */
export function fillPage(
  template: string,
  { records, now, nonce }: { records: readonly ResourceRecord[]; now: number; nonce: string },
): string {
  return fill(template, {
    now: String(now),
    nonce,
    title: String(html`${titleOf(records, now)}`),
    icon: favicon(summarise(records, now).mark),
    overview: String(<Overview records={records} now={now} />),
    servers: String(<Servers records={records} now={now} />),
    changes: String(<PhaseChanges records={records} now={now} />),
  });
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
