import type { Condition } from '../../status/types.ts';
import { Age } from './age.tsx';
import type { Mark } from './phase.tsx';
import { Table } from './table.tsx';

/** Types that are bad news when they are true; everything else is good news then. */
const negative = /Degraded|Fail|Error|Pressure|Unavailable|Stalled/;

function markOf({ type, status }: Condition): Mark {
  if (status === 'Unknown') return 'wait';
  return (status === 'True') === negative.test(type) ? 'warn' : 'ok';
}

export function Conditions({ conditions, now }: { conditions: readonly Condition[]; now: number }) {
  const rows = conditions.map(condition => {
    const { type, status, lastTransitionTime: since, reason, message } = condition;
    return {
      name: type,
      mark: markOf(condition),
      state: status,
      when: since ? <Age at={since} now={now} bare /> : '–',
      notes: [reason, message].filter(Boolean),
    };
  });
  return <Table caption="Conditions" columns={['Type', 'Status', 'For']} rows={rows} />;
}
