// The parameters of the document.
import { instancePattern } from '../../src/http/submit.ts';
import { label, subdomain } from '../../src/http/target.ts';

const path = (name: string, description: string, schema: object) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', ...schema },
});

export const parameters = {
  namespace: path('namespace', 'A DNS-1123 label.', { maxLength: 63, pattern: label.source }),
  name: path('name', 'A DNS-1123 subdomain.', { maxLength: 253, pattern: subdomain.source }),
  delivery: path('id', 'Id of the delivery.', {}),
  Prefer: {
    name: 'Prefer',
    in: 'header',
    description: '`respond-async` (RFC 7240): answer as soon as the report is accepted.',
    schema: { type: 'string' },
  },
  'Reporter-Instance': {
    name: 'Reporter-Instance',
    in: 'header',
    description:
      'Which process of the gateway sends this, such as the name of its pod. Within one instance a report older than the last one is refused; a new instance starts afresh.',
    schema: { type: 'string', pattern: instancePattern.source },
  },
  'Last-Event-ID': {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'Id of the last event that was read: records that have not changed since then are left out.',
    schema: { type: 'string' },
  },
  verbose: {
    name: 'verbose',
    in: 'query',
    description: 'Lists every check.',
    allowEmptyValue: true,
    schema: { type: 'string' },
  },
  exclude: {
    name: 'exclude',
    in: 'query',
    description: 'Names of checks to leave out.',
    schema: { type: 'array', items: { type: 'string' } },
  },
};
