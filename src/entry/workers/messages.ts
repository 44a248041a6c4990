/** What the Worker and its Durable Objects say to each other: JSON over their `fetch`. */

import type { ReportEvent, RequestEvent } from '../../http/metrics/events.ts';
import type { ResourceRecord, Submission } from '../../http/model.ts';
import type { Access } from '../../types.ts';
import { type Failure, fromFailure, toFailure } from './failure.ts';
import type { ObjectNamespace, ObjectStub } from './platform.ts';

/** `POST /reports` of a delivery object. */
export interface ReportMessage {
  readonly submission: Submission;
  /** The caller's own credential, which is not kept; absent where the service's delivers. */
  readonly access?: Access;
  /** Ends the id of the delivery, so that its object is found again. */
  readonly suffix?: string;
  /** Milliseconds to wait for the end of the delivery. */
  readonly wait: number;
}

/** The answer to it. */
export interface ReportAnswer {
  readonly record: ResourceRecord;
  /** Why it was not delivered, or not yet. */
  readonly failure?: Failure;
}

/** What happened since the index was told last: the arguments of an `Observer`. */
export type ObjectEvent = { readonly report: ReportEvent } | { readonly request: RequestEvent };

/** `PUT /records` of the index. */
export interface RecordMessage {
  readonly record: ResourceRecord;
  readonly revision: number;
  readonly events: readonly ObjectEvent[];
}

/** The object, or the way to it, broke down under the question: it may or may not have been answered. */
export class ObjectLost extends Error {
  override readonly name = 'ObjectLost';
}

/** Any answer: what was asked for, or why not. */
type Envelope = { readonly value: unknown } | { readonly failure: Failure };

/** Runs a handler; what it throws travels as well. */
export async function answer(handle: () => unknown): Promise<Response> {
  let envelope: Envelope;
  try {
    envelope = { value: await handle() };
  } catch (error) {
    envelope = { failure: toFailure(error) };
  }
  return Response.json(envelope);
}

/**
 * Asks a Durable Object.
 *
 * @throws ObjectLost
 * @throws what its handler threw
 */
export async function ask<T>(object: ObjectStub, method: string, path: string, body?: object): Promise<T> {
  let envelope: Envelope;
  try {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    envelope = await (await object.fetch(`https://object${path}`, init)).json();
  } catch (cause) {
    throw new ObjectLost('The Durable Object did not answer.', { cause });
  }
  if ('failure' in envelope) throw fromFailure(envelope.failure);
  return envelope.value as T;
}

/** The Durable Object of that name. */
export function objectNamed(objects: ObjectNamespace, name: string): ObjectStub {
  return objects.get(objects.idFromName(name) as never);
}
