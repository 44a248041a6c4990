/** `labelSelector` and `fieldSelector` of lists and watches. */
import type { KubernetesObject } from './object.ts';
import { badRequest } from './status-error.ts';

export type Selector = (object: KubernetesObject) => boolean;

/** @throws StatusError 400 for what cannot be read, or a field that cannot be selected by */
export function selectorOf(query: URLSearchParams): Selector {
  const labels = parseLabels(query.get('labelSelector') ?? '');
  const fields = parseFields(query.get('fieldSelector') ?? '');
  return object =>
    labels.every(matches => matches(object.metadata.labels ?? {})) &&
    fields.every(matches => matches(object));
}

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

function parseLabels(text: string): LabelTest[] {
  // Commas separate requirements, except between the parentheses of "in (a, b)".
  return (text.match(/(?:\([^)]*\)|[^,])+/g) ?? []).map(part => labelTest(part.trim()));
}

function labelTest(text: string): LabelTest {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map(value => value.trim()));
    return labels => (labels[key] !== undefined && values.has(labels[key])) === (operator === 'in');
  }
  const equality = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(text);
  if (equality !== null) {
    const [, key = '', operator, value] = equality;
    return labels => (labels[key] === value) === (operator !== '!=');
  }
  const exists = /^(!?)\s*([^\s=!()]+)$/.exec(text);
  if (exists === null) throw badRequest(`unable to parse requirement: found '${text}'`);
  const [, not, key = ''] = exists;
  return labels => (labels[key] !== undefined) === (not === '');
}

function parseFields(text: string): Selector[] {
  if (text.trim() === '') return [];
  return text.split(',').map(part => {
    const match = /^([^=!]+?)(==|=|!=)(.*)$/.exec(part.trim());
    if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    const [, field = '', operator, value] = match;
    if (field !== 'metadata.name' && field !== 'metadata.namespace')
      throw badRequest(`field label not supported: ${field}`);
    const key = field === 'metadata.name' ? 'name' : 'namespace';
    return object => ((object.metadata[key] ?? '') === value) === (operator !== '!=');
  });
}
