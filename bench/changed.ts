/** What a changed report costs against the floor and against client-node: `npm run bench -- changed`. */

import { changedOnRawServer } from './changed/raw.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';

await answer('changed', await changedOnRawServer(benchOptions().quick));
