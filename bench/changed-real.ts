/** What a changed report costs on a real kube-apiserver, against the Go reference as well: `npm run bench -- changed-real`. */

import { changedOnRealServer } from './changed/real.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';

await answer('changed-real', await changedOnRealServer(benchOptions().quick));
