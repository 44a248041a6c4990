import type { Router } from 'hono/router';
import { PatternRouter } from 'hono/router/pattern-router';
import { describe, expect, it } from 'vitest';
import { remembering } from '../../src/http/known-paths.ts';

function counting(): { router: Router<string>; asked: string[] } {
  const inner = new PatternRouter<string>();
  const asked: string[] = [];
  const match: Router<string>['match'] = (method, path) => {
    asked.push(`${method} ${path}`);
    return inner.match(method, path);
  };
  return { router: { name: inner.name, add: (...route) => inner.add(...route), match }, asked };
}

describe('a router that remembers', () => {
  it('finds what the router finds, and asks it once for each method and path', () => {
    const { router, asked } = counting();
    const known = remembering(router);
    known.add('GET', '/a/:name', 'read');
    known.add('PUT', '/a/:name', 'write');
    for (const _ of [1, 2]) {
      expect(known.match('GET', '/a/b')).toStrictEqual([[['read', expect.objectContaining({ name: 'b' })]]]);
      expect(known.match('PUT', '/a/b')).toStrictEqual([[['write', expect.objectContaining({ name: 'b' })]]]);
      expect(known.match('PUT', '/none')).toStrictEqual([[]]);
    }
    expect(asked).toStrictEqual(['GET /a/b', 'PUT /a/b', 'PUT /none']);
  });

  it('knows a route that is added later', () => {
    const known = remembering(counting().router);
    expect(known.match('GET', '/a')).toStrictEqual([[]]);
    known.add('GET', '/a', 'read');
    expect(known.match('GET', '/a')[0]).toHaveLength(1);
  });

  it('forgets the path that was not asked for the longest time', () => {
    const { router, asked } = counting();
    const known = remembering(router, 2);
    for (const path of ['/a', '/b', '/a', '/c', '/a', '/b']) known.match('GET', path);
    expect(asked).toStrictEqual(['GET /a', 'GET /b', 'GET /c', 'GET /b']);
  });

  it('remembers no path that is longer than any of a resource', () => {
    const { router, asked } = counting();
    const known = remembering(router);
    const path = `/${'a'.repeat(400)}`;
    for (const _ of [1, 2]) known.match('GET', path);
    expect(asked).toHaveLength(2);
  });
});
