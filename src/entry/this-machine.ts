import { ProblemError, toProblem } from '../http/problem.ts';
import type { Handler } from './listen.ts';
import { isLoopback } from './settings.ts';

/**
 * Refuses requests under a name that is not this machine's. Where nobody is asked who they are, a page in a browser here
 * would else get in: its own name may lead to 127.0.0.1 a moment later (DNS rebinding).
 *
 * @see https://developer.mozilla.org/docs/Web/Security/Attacks/DNS_rebinding
 */
export function forThisMachine(handler: Handler): Handler {
  return (request, extra) => {
    const host = new URL(request.url).hostname.replace(/^\[(.*)\]$/, '$1');
    return isLoopback(host) ? handler(request, extra) : refusal();
  };
}

function refusal(): Response {
  const { problem, status } = toProblem(
    new ProblemError(
      'forbidden',
      'Nobody is asked here who they are, so this service answers under names of its own machine only, such as localhost. Start it with --auth to use others.',
    ),
  );
  return Response.json(problem, { status, headers: { 'content-type': 'application/problem+json' } });
}
