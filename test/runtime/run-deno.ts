import { cases } from './cases.ts';
import { runAll } from './harness.ts';

declare const Deno: { args: string[] };

await runAll(cases, JSON.parse(Deno.args[0] as string), outcome => console.log(JSON.stringify(outcome)));
