/**
 * Names and labels.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
import { invalidValue } from './field-fault.ts';
import type { FieldFault } from './status-error.ts';

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
  `with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
const part = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const partRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  `character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${part}')`;
const value = `(${part})?`;
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  `with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${value}')`;

/** @param prefix whether more will follow, so that it may end in a dash */
export function nameFault(field: string, name: string, prefix = false): FieldFault | undefined {
  const checked = prefix ? name.replace(/-$/, 'a') : name;
  if (name.length > 253) return invalidValue(field, name, 'must be no more than 253 characters');
  return whole(subdomain).test(checked) ? undefined : invalidValue(field, name, subdomainRule);
}

export function labelFaults(labels: Readonly<Record<string, string>>): FieldFault[] {
  return Object.entries(labels).flatMap(([key, text]) => [
    ...keyFaults(key),
    ...(whole(value).test(text) ? [] : [invalidValue('metadata.labels', text, valueRule)]),
    ...(text.length > 63
      ? [invalidValue('metadata.labels', text, 'must be no more than 63 characters')]
      : []),
  ]);
}

function keyFaults(key: string): FieldFault[] {
  const at = key.lastIndexOf('/');
  const [prefix, name] = [key.slice(0, Math.max(at, 0)), key.slice(at + 1)];
  const faults: FieldFault[] = [];
  if (at >= 0 && !whole(subdomain).test(prefix)) {
    faults.push(invalidValue('metadata.labels', key, `prefix part ${subdomainRule}`));
  }
  if (name.length > 63)
    faults.push(invalidValue('metadata.labels', key, 'name part must be no more than 63 characters'));
  if (!whole(part).test(name)) faults.push(invalidValue('metadata.labels', key, partRule));
  return faults;
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
