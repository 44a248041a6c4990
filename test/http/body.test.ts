import { describe, expect, it } from 'vitest';
import { undamaged } from '../../src/http/body.ts';

/** As a runtime reads a body that nobody told it to be strict with. */
function read(...bytes: number[]) {
  const body = Uint8Array.from([0x22, ...bytes, 0x22]);
  return undamaged(new TextDecoder().decode(body), body.length);
}

describe('the text of a body', () => {
  it.each([
    ['ASCII', [0x61], 'a'],
    [
      'characters of two, three and four bytes',
      [0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80],
      'é€😀',
    ],
    ['a replacement character that was sent', [0xef, 0xbf, 0xbd], '\uFFFD'],
  ])('is taken: %s', (_, bytes, text) => expect(read(...bytes)).toBe(`"${text}"`));

  it.each([
    ['a byte that is none of UTF-8', [0xff]],
    ['one among replacement characters that were sent', [0xef, 0xbf, 0xbd, 0xff, 0xef, 0xbf, 0xbd]],
    ['an overlong character', [0xc0, 0x80]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a character of two bytes cut off', [0xc3]],
    ['a character of three bytes cut off', [0xe2, 0x82]],
    ['a character of four bytes cut off after two', [0xf0, 0x9f]],
  ])('is refused where something else than UTF-8 was sent: %s', (_, bytes) =>
    expect(() => read(...bytes)).toThrow('JSON in UTF-8, found something else'),
  );

  it('has a replacement character where the last byte of four is missing: that is as long', () => {
    expect(read(0xf0, 0x9f, 0x98)).toBe('"\uFFFD"');
  });
});
