/** What the reporter of a resource knows of its object, on the disk of the Durable Object: it outlives every process. */

import type { ReporterMemory } from '../../reporter/kubernetes/known.ts';
import type { Reporter } from '../../reporter/reporter.ts';
import { version } from '../version.ts';
import type { SqlStorage } from './platform.ts';

/** Most characters, of up to 3 bytes: a row holds 2 MB. What is larger is read again after a restart. */
const most = 600_000;

type Deliver = Pick<Reporter, 'reportStatus'>;

/** The reporter that `create` makes, with a memory that is written down after every report that changed it. */
export function withKeptMemory(sql: SqlStorage, create: (memory: ReporterMemory) => Deliver): Deliver {
  sql.exec('CREATE TABLE IF NOT EXISTS memory (slot INTEGER PRIMARY KEY, memory TEXT NOT NULL)');
  const memory = load(sql);
  const reporter = create(memory);
  let { known, written } = memory;
  return {
    async reportStatus(status) {
      try {
        return await reporter.reportStatus(status);
      } finally {
        if (known !== memory.known || written !== memory.written) save(sql, memory);
        ({ known, written } = memory);
      }
    },
  };
}

function load(sql: SqlStorage): ReporterMemory {
  const [row] = sql.exec<{ memory: string }>('SELECT memory FROM memory').toArray();
  if (row === undefined) return {};
  const { by, known, written } = JSON.parse(row.memory);
  // Another version may remember other things: reading the object once more costs less than keeping every shape alive.
  if (by !== version) return {};
  if (written === undefined) return { known };
  const { fields, conditions } = written.scope;
  return {
    known,
    written: { ...written, scope: { fields: new Set(fields), conditions: new Set(conditions) } },
  };
}

function save(sql: SqlStorage, memory: ReporterMemory): void {
  const text = JSON.stringify({ by: version, ...memory }, (_, value) =>
    value instanceof Set ? [...value] : value,
  );
  if (text.length > most) sql.exec('DELETE FROM memory');
  else sql.exec('INSERT OR REPLACE INTO memory (slot, memory) VALUES (1, ?)', text);
}
