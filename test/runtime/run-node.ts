import { cases } from './cases.ts';
import { runAll } from './harness.ts';

await runAll(cases, JSON.parse(process.argv[2] as string), outcome => console.log(JSON.stringify(outcome)));
