/** Gateways that PUT their status, each on a resource of its own. A process of its own. */

import { Agent } from 'undici';
import { answerCalls } from '../support/child.ts';
import { drive, type Load } from '../support/load.ts';
import { reports } from '../support/report.ts';
import type { Served } from './serve.ts';

export interface Calls extends Served {
  readonly namespace: string;
  readonly names: readonly string[];
  readonly backends: number;
}

let send: (lane: number) => Promise<void> = async () => {};

async function prepare({ url, token, namespace, names, backends }: Calls): Promise<void> {
  // Written once: what it costs to make a report is not the service's.
  const bodies = reports(backends).map(report => JSON.stringify(report));
  const agent = new Agent({ connections: names.length, pipelining: 1 });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const turns = names.map(() => 0);
  send = async lane => {
    const turn = turns[lane]!++;
    const { statusCode, body } = await agent.request({
      origin: url,
      path: `/v1/namespaces/${namespace}/virtualmcpservers/${names[lane]}/status`,
      method: 'PUT',
      headers,
      body: bodies[turn % bodies.length]!,
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${statusCode}: ${text}`);
  };
  await Promise.all(names.map((_, lane) => send(lane)));
}

answerCalls({ prepare, run: (load: Load) => drive(load, send) });
