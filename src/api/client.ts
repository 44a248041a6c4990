/** Sends requests to one API server: credentials, deadlines, retries. */

import { untilAborted } from '../abort.ts';
import { isStatusReporterError } from '../errors.ts';
import type { Access, Schedule, TransportRequest, TransportResponse } from '../types.ts';
import type { Call } from './call.ts';
import type { Connect, Connection } from './connection.ts';
import type { ApiRequest } from './requests.ts';
import { parseAnswer } from './responses.ts';
import { isTransient, retryDelay } from './retry.ts';
import type { Step } from './step.ts';

export interface ApiClientOptions {
  readonly connect: Connect;
  /** Milliseconds for one attempt, credentials included. */
  readonly timeout: number;
  /** For jitter; in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Stands around every attempt; what waits there is not yet counted for `timeout`. */
  readonly schedule?: Schedule | undefined;
  /** Told of every failure that is followed by another attempt. */
  onRetry?(error: unknown, delay: number): void;
}

/** A client of one API server. */
export interface ApiClient {
  /**
   * Sends a request until it is answered for good.
   *
   * @param what what is being done, to begin an error message with: `Reading VirtualMCPServer ns/name`
   * @returns the JSON of the answer
   * @throws ApiError, StatusReporterError
   */
  send<T>(request: ApiRequest, what: string, call: Call): Promise<T>;
}

/** At one request. */
const mostAttempts = 10;
const userAgent = 'vmcp-status-reporter';

let headers: TransportRequest['headers'] = {};
let headersOf: Access | undefined;

/** The headers of a request: those of the one before, whoever sent it, where they are the same. A fleet keeps one token. */
function headersFor({ accept, contentType }: ApiRequest, access: Access): typeof headers {
  if (headersOf !== access || headers.accept !== accept || headers['content-type'] !== contentType) {
    headersOf = access;
    headers = {
      accept,
      ...(contentType && { 'content-type': contentType }),
      'user-agent': userAgent,
      ...access.headers,
      ...(access.token && { authorization: `Bearer ${access.token}` }),
    };
  }
  return headers;
}

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { connect, timeout, random = Math.random, schedule, onRetry } = options;

  /** One attempt, as a step of `call`. */
  function exchange(request: ApiRequest, call: Call, refresh: boolean) {
    const { method, body } = request;
    return (step: Step): Promise<TransportResponse> => {
      const over = ({ access, transport }: Connection) => {
        const { places } = transport;
        const ask = () => {
          call.requests++;
          const headers = headersFor(request, access);
          const url = access.server + request.path;
          const answer = transport.request({ method, url, headers, body, signal: step });
          if (places) answer.then(places.leave, places.leave);
          return answer;
        };
        // What was begun is brought to its end before something new begins.
        const wait = places?.enter(step, call.requests > 0);
        if (!wait) return ask();
        step.within(Infinity);
        return wait.then(() => {
          step.within(timeout);
          return ask();
        });
      };
      const connection = connect({ refresh, signal: step });
      return 'then' in connection ? connection.then(over) : over(connection);
    };
  }

  return {
    async send<T>(request: ApiRequest, what: string, call: Call): Promise<T> {
      let refresh = false;
      let refreshed = false;
      for (let attempt = 1; ; attempt++) {
        const send = exchange(request, call, refresh);
        try {
          const answer = schedule
            ? call.step(step => {
                const inTurn = () => {
                  step.within(timeout);
                  // Whoever is slow to end for an abort does not keep the turn.
                  return untilAborted(send(step), step);
                };
                return schedule(inTurn, { method: request.method, attempt, signal: step.signal });
              })
            : call.step(send, timeout);
          return parseAnswer<T>(await answer, what);
        } catch (error) {
          // A token that expired early and a CA that was replaced look like this; reading them again is worth one try.
          refresh =
            !refreshed &&
            (isStatusReporterError(error, 'unauthorized') || isStatusReporterError(error, 'tls'));
          refreshed ||= refresh;
          if (refresh) continue;
          if (!isTransient(error) || attempt >= mostAttempts) throw error;
          const delay = retryDelay(error, attempt, random());
          if (delay >= call.remaining) throw error;
          onRetry?.(error, delay);
          await call.sleep(delay);
        }
      }
    },
  };
}
