import type { Condition } from '../../status/types.ts';
import { Age } from './age.tsx';
import { Notes } from './backends.tsx';
import { Badge, type Mark } from './phase.tsx';

/** Types that are bad news when they are true; everything else is good news then. */
const negative = /Degraded|Fail|Error|Pressure|Unavailable|Stalled/;

function markOf({ type, status }: Condition): Mark {
  if (status === 'Unknown') return 'wait';
  return (status === 'True') === negative.test(type) ? 'warn' : 'ok';
}

export function Conditions({ conditions, now }: { conditions: readonly Condition[]; now: number }) {
  return (
    <table>
      <caption>Conditions</caption>
      <thead>
        <tr>
          <th scope="col">Type</th>
          <th scope="col">Status</th>
          <th scope="col" class="when">
            For
          </th>
        </tr>
      </thead>
      {conditions.map(condition => (
        <tbody>
          <tr>
            <th scope="row">{condition.type}</th>
            <td>
              <Badge mark={markOf(condition)}>{condition.status}</Badge>
            </td>
            <td class="when">
              {condition.lastTransitionTime ? <Age at={condition.lastTransitionTime} now={now} bare /> : '–'}
            </td>
          </tr>
          <Notes of={[condition.reason, condition.message].filter(Boolean)} />
        </tbody>
      ))}
    </table>
  );
}
