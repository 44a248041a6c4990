/** Gateways that PUT their status, each on a resource of its own. A process of its own. */

import { answerCalls } from '../support/child.ts';
import { drive, type Load } from '../support/load.ts';
import { reports } from '../support/report.ts';
import { connect, putRequest } from './connection.ts';
import type { Served } from './serve.ts';

export interface Calls extends Served {
  readonly namespace: string;
  readonly names: readonly string[];
  readonly backends: number;
}

let send: (lane: number) => Promise<void> = async () => {};

async function prepare({ url, token, namespace, names, backends }: Calls): Promise<void> {
  const bodies = reports(backends).map(report => JSON.stringify(report));
  const lanes = names.map(name => {
    const path = `/v1/namespaces/${namespace}/virtualmcpservers/${name}/status`;
    // Written once: what it costs to make a request is not the service's.
    const requests = bodies.map(body => putRequest(new URL(path, url), token, body));
    return { connection: connect(new URL(url)), requests, turn: 0 };
  });
  send = async index => {
    const lane = lanes[index]!;
    const { status, body } = await lane.connection.send(lane.requests[lane.turn++ % lane.requests.length]!);
    if (status !== 200) throw new Error(`${status}: ${body}`);
  };
  await Promise.all(names.map((_, index) => send(index)));
}

answerCalls({ prepare, run: (load: Load) => drive(load, send) });
