/** What the validation of a report costs: `parseStatus`, as everybody may call it. */

import { parseStatus } from 'vmcp-status-reporter';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { report } from './support/report.ts';
import { percentile } from './support/statistics.ts';

const { quick } = benchOptions();
const rounds = quick ? 500 : 5000;

const rows = [1, 50, 1000].map(backends => {
  const input = report(backends);
  const count = Math.ceil(rounds / (backends > 50 ? 10 : 1));
  const costs: number[] = [];
  for (let round = -count; round < count; round++) {
    const start = performance.now();
    parseStatus(input);
    if (round >= 0) costs.push((performance.now() - start) * 1000);
  }
  return [backends, percentile(costs, 0.5), percentile(costs, 0.99), percentile(costs, 0.5) / backends];
});
await answer('validate', {
  tables: [
    {
      title: 'Validation of a report (`parseStatus`)',
      headings: ['backends', 'median µs', 'p99 µs', 'µs a backend'],
      rows,
    },
  ],
  targets: [],
});
