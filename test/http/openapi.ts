// The OpenAPI document as the tests of it use it.
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect } from 'vitest';
import { type openApiDocument, openApiText } from '../../scripts/openapi.ts';

export const document = JSON.parse(openApiText()) as ReturnType<typeof openApiDocument>;

interface Response {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly requestBody?: { readonly content: { 'application/json': { example: unknown } } };
  readonly responses: Readonly<Record<string, Response>>;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ ...document, $id: 'document' });

/** Checks a value against a part of the document. */
export const validator = (pointer: string) => ajv.compile({ $ref: `document#${pointer}` });

/** Every operation of the document, by `GET /livez`. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([key]) => key !== 'parameters')
      .map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  ),
);

/**
 * Checks an answer against what the document says of that operation.
 *
 * @returns the operation with the status: `GET /livez 200`
 */
export async function conform(answer: globalThis.Response, operation: string): Promise<string> {
  const found = `${operation} ${answer.status}`;
  const described = operations.get(operation)?.responses[answer.status];
  expect(described, found).toBeDefined();
  const [method, path] = operation.split(' ') as [string, string];
  const pointer =
    described!.$ref?.slice(1) ?? `/paths/${token(path)}/${method.toLowerCase()}/responses/${answer.status}`;
  const response: Response = described!.$ref
    ? (document.components.responses as Record<string, Response>)[answer.status]!
    : described!;
  const type = answer.headers.get('content-type')!.split(';')[0]!;
  expect(Object.keys(response.content), found).toContain(type);
  for (const header of Object.keys(response.headers ?? {}))
    expect(answer.headers.get(header), `${header} of ${found}`).not.toBeNull();
  if (type.endsWith('json')) {
    const isValid = validator(`${pointer}/content/${token(type)}/schema`);
    const body = await answer.json();
    isValid(body);
    expect(isValid.errors, JSON.stringify(body)).toBeNull();
  } else await answer.body?.cancel();
  return found;
}

function token(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
