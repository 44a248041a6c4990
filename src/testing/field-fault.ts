/** Faults of fields in the words of Kubernetes' `field.Error`. */
import { type Json, sortedJson } from './json.ts';
import type { FieldFault } from './status-error.ts';
import { goValue } from './typed-value.ts';

function badValue(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'number' || typeof value === 'boolean' ? goValue(value) : sortedJson(value);
}

export function required(field: string, detail = ''): FieldFault {
  return {
    reason: 'FieldValueRequired',
    field,
    message: `Required value${detail === '' ? '' : `: ${detail}`}`,
  };
}

export function invalidValue(field: string, value: Json, detail: string): FieldFault {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${badValue(value)}: ${detail}` };
}

export function wrongType(field: string, value: Json, detail: string): FieldFault {
  return { reason: 'FieldValueTypeInvalid', field, message: `Invalid value: ${badValue(value)}: ${detail}` };
}

export function notSupported(field: string, value: Json, supported: readonly string[]): FieldFault {
  const values = supported.map(item => JSON.stringify(item)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${badValue(value)}: supported values: ${values}`,
  };
}

export function tooLong(field: string, most: number): FieldFault {
  return { reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${most} bytes` };
}

export function tooMany(field: string, count: number, most: number): FieldFault {
  return {
    reason: 'FieldValueTooMany',
    field,
    message: `Too many: ${count}: must have at most ${most} items`,
  };
}

export function duplicate(field: string, value: Json): FieldFault {
  return { reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${badValue(value)}` };
}

export function forbiddenField(field: string, detail: string): FieldFault {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` };
}
