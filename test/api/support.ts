// A client whose server is a list of answers.
import { type ApiClient, type ApiClientOptions, createApiClient } from '../../src/api/client.ts';
import { givenTransport } from '../../src/transport/given.ts';
import type { Access, TransportRequest, TransportResponse } from '../../src/types.ts';

interface PlainAnswer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Answer = Error | PlainAnswer | ((request: TransportRequest) => Promise<TransportResponse>);

export function response({ status = 200, body = {}, headers = {} }: PlainAnswer): TransportResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all: Record<string, string> = { 'content-type': 'application/json', ...headers };
  return { status, header: name => all[name], text };
}

/** `Status` as the API server sends it. */
export function failure(code: number, reason?: string, extra: Record<string, unknown> = {}) {
  return {
    status: code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code,
      message: `it says ${reason ?? 'nothing'}`,
      reason,
      ...extra,
    },
  };
}

export interface Scripted {
  readonly client: ApiClient;
  readonly requests: TransportRequest[];
  readonly refreshes: boolean[];
}

/** Answers in turn; the last one again and again. */
export function scripted(
  answers: Answer[],
  options: Partial<ApiClientOptions> & { access?: Access } = {},
): Scripted {
  const requests: TransportRequest[] = [];
  const refreshes: boolean[] = [];
  const { access = { server: 'https://api.test', token: 'secret-token' }, ...rest } = options;
  const transport = givenTransport({
    async request(request) {
      requests.push(request);
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(request) : response(answer);
    },
    close: async () => {},
  });
  const client = createApiClient({
    connect: async ({ refresh }) => {
      refreshes.push(refresh);
      return { access, transport };
    },
    timeout: 1_000,
    random: () => 0.5,
    ...rest,
  });
  return { client, requests, refreshes };
}

/** A transport that never answers; it rejects when the signal fires. */
export const silence: Answer = request =>
  new Promise((_, reject) => {
    request.signal!.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
  });
