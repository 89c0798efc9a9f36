import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOfPath } from '../../core/json-location.ts';

describe('lineOfPath', () => {
  const text = `{
  "id": "a, \\"b\\": {",
  "tests": [
    "t1",
    { "id": "t2", "x": [1, 2,
      3] }
  ],
  "candidates": []
}`;

  it.each([
    [[], 1],
    [['id'], 2],
    [['tests'], 3],
    [['tests', 0], 4],
    [['tests', 1, 'id'], 5],
    [['tests', 1, 'x', 2], 6],
    [['candidates'], 8],
  ] as const)('finds %j in line %i', (path, line) => {
    expect(lineOfPath(text, path)).toBe(line);
  });

  it('names the nearest value around a path that leads nowhere', () => {
    expect(lineOfPath(text, ['tests', 1, 'missing'])).toBe(5);
    expect(lineOfPath(text, ['missing'])).toBe(1);
  });

  it('finds every value of any document', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const pretty = JSON.stringify(value, null, 1);
        const lines = pretty.split('\n');
        const visit = (inner: unknown, path: (string | number)[]): void => {
          const line = lines[lineOfPath(pretty, path) - 1] ?? '';
          const start = JSON.stringify(inner, null, 1).split('\n')[0] ?? '';
          expect(line).toContain(start);
          const key = path.at(-1);
          if (typeof key === 'string') expect(line).toContain(JSON.stringify(key));
          if (Array.isArray(inner))
            for (const [index, item] of inner.entries()) visit(item, [...path, index]);
          else if (typeof inner === 'object' && inner !== null) {
            for (const [name, item] of Object.entries(inner)) visit(item, [...path, name]);
          }
        };
        visit(value, []);
      }),
      { numRuns: 200 },
    );
  });

  it('passes over a string of any length', () => {
    const text = `{"code": "${'x'.repeat(2e7)}",\n"tests": 3}`;
    expect(lineOfPath(text, ['tests'])).toBe(2);
  });
});
