/** What a changed report costs: throughput, latency, client CPU, requests and bytes, against the peers. `--real`: on a kube-apiserver too. */

import { changedOnRawServer } from './changed/raw.ts';
import { changedOnRealServer } from './changed/real.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';

const { quick, real } = benchOptions();
await answer('changed', await changedOnRawServer(quick));
if (real) await answer('changed-real', await changedOnRealServer(quick));
