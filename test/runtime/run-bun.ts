import { cases } from './cases.ts';
import { runAll } from './harness.ts';

declare const Bun: { argv: string[] };

await runAll(cases, JSON.parse(Bun.argv[2] as string), outcome => console.log(JSON.stringify(outcome)));
