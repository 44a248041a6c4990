/**
 * The floor: one PATCH with undici's `request` for each report, the bytes of our own reporter, nothing else. The object is
 * known beforehand and serialised every time; the answer is parsed, since the next request needs its resourceVersion. The
 * pool has as many connections as ours.
 */

import { Agent } from 'undici';
import { answerCalls } from '../support/child.ts';
import type { Round, Task } from '../support/contestant.ts';
import { drive } from '../support/load.ts';
import { reports } from '../support/report.ts';

const query = '?fieldManager=vmcp-status-reporter&force=true&includeObject=None';
const lastTransitionTime = '2026-01-02T03:04:05Z';

let send: (lane: number) => Promise<unknown> = async () => {};

async function prepare({ server, ca, token, namespace, names, backends }: Task): Promise<void> {
  const agent = new Agent({
    connect: { ca },
    allowH2: false,
    connections: 16,
    pipelining: 1,
    keepAliveTimeout: 60_000,
  });
  const headers = {
    'user-agent': 'vmcp-status-reporter',
    accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
    'content-type': 'application/apply-patch+yaml',
    authorization: `Bearer ${token}`,
  };
  const statuses = reports(backends).map(({ conditions, ...rest }) => ({
    ...rest,
    observedGeneration: 1,
    conditions: conditions.map(condition => ({ ...condition, lastTransitionTime })),
  }));
  const path = (name: string) =>
    `/apis/toolhive.stacklok.dev/v1beta1/namespaces/${namespace}/virtualmcpservers/${name}`;
  const lanes = await Promise.all(
    names.map(async name => {
      const { body } = await agent.request({ origin: server, path: path(name), method: 'GET', headers });
      const { metadata } = (await body.json()) as { metadata: { resourceVersion: string } };
      return {
        name,
        turn: 0,
        resourceVersion: metadata.resourceVersion,
        path: `${path(name)}/status${query}`,
      };
    }),
  );

  send = async index => {
    const lane = lanes[index]!;
    const { statusCode, body } = await agent.request({
      origin: server,
      path: lane.path,
      method: 'PATCH',
      headers,
      body: JSON.stringify({
        apiVersion: 'toolhive.stacklok.dev/v1beta1',
        kind: 'VirtualMCPServer',
        metadata: { name: lane.name, namespace, resourceVersion: lane.resourceVersion },
        status: statuses[++lane.turn % statuses.length],
      }),
    });
    const answer = JSON.parse(await body.text()) as { metadata: { resourceVersion: string } };
    if (statusCode !== 200) throw new Error(`${statusCode}: ${JSON.stringify(answer)}`);
    lane.resourceVersion = answer.metadata.resourceVersion;
  };
}

answerCalls({ prepare, run: (round: Round) => drive(round, send) });
