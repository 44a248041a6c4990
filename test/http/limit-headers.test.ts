import { describe, expect, it } from 'vitest';
import { path, serviceOf } from './stub.ts';

const { app } = serviceOf();

/** As a server hands it over that has the headers as they came, and as one that does not. */
const ways: [string, (headers: Record<string, string>) => object][] = [
  ['as they came', headers => ({ incoming: { url: path, rawHeaders: Object.entries(headers).flat() } })],
  ['as a Request has them', () => ({})],
];

describe('headers', () => {
  it.each(ways)('may be 16,384 characters together, names included: %s', async (_, env) => {
    const status = async (length: number) => {
      const headers = { 'x-long': 'a'.repeat(length - 'x-long'.length) };
      return (await app.request(path, { headers }, env(headers))).status;
    };
    expect([await status(16_384), await status(16_385)]).toStrictEqual([200, 400]);
  });
});
