// A Worker has no command line: each case is a request, with its context as the body.
import { cases } from './cases.ts';
import { type Case, runCase } from './harness.ts';

export default {
  async fetch(request: Request): Promise<Response> {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    return Response.json(await runCase(name, cases[name] as Case, await request.json()));
  },
};
