/** What a changed report costs: throughput, latency, client CPU, requests and bytes, against the peers. */

import { changedOnRawServer } from './changed/raw.ts';
import { changedOnRealServer } from './changed/real.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';

const { quick, real } = benchOptions();
const answers = [await changedOnRawServer(quick)];
if (real) answers.push(await changedOnRealServer(quick));
await answer('changed', {
  tables: answers.flatMap(({ tables }) => tables),
  targets: answers.flatMap(({ targets }) => targets),
});
