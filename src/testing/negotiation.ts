/**
 * Which representation an answer has.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources
 */
import { notAcceptable } from './status-error.ts';

/** The object itself, or a view of it in a version of `meta.k8s.io`. */
export type Representation =
  | { readonly as: 'object' }
  | {
      readonly as: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
      readonly version: string;
    };

const served = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/**
 * The first representation of the Accept header that the server has.
 *
 * @throws StatusError 406 where it has none
 */
export function negotiate(accept: string | null, views: readonly string[]): Representation {
  if (accept === null || accept.trim() === '') return { as: 'object' };
  const clauses = accept.split(',').map(parseClause);
  clauses.sort((a, b) => b.quality - a.quality); // stable: equals keep their order
  for (const { type, parameters } of clauses) {
    if (type !== 'application/json' && type !== 'application/*' && type !== '*/*') continue;
    const as = parameters.get('as');
    if (as === undefined) return { as: 'object' };
    const version = parameters.get('v') ?? '';
    const known = parameters.get('g') === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1');
    if (known && views.includes(as)) return { as, version } as Representation;
  }
  throw notAcceptable(served);
}

interface Clause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

function parseClause(text: string): Clause {
  const [type = '', ...rest] = text.split(';').map(part => part.trim());
  const parameters = new Map(
    rest.map(part => part.split('=', 2).map(side => side.trim()) as [string, string]),
  );
  return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) || 0 };
}
