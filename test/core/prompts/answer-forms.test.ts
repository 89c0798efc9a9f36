import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf, parseJsonForm } from '../../../core/prompts/json-form.ts';
import { parseRegex, patternForServer } from '../../../core/prompts/regex-form.ts';

describe('the form regex', () => {
  const pattern = '\\n(?<name>[a-z]+)(?: (?<rest>\\d+))?';

  it('reads the named groups of a whole answer', () => {
    expect(parseRegex('\nabc 12', pattern)).toEqual({ ok: true, value: { name: 'abc', rest: '12' } });
    expect(parseRegex('\nabc', pattern)).toEqual({ ok: true, value: { name: 'abc' } });
  });

  it('refuses an answer with anything before or after', () => {
    expect(parseRegex('\nabc 12 ', pattern)).toEqual({ ok: false, reason: 'pattern-mismatch' });
    expect(parseRegex('x\nabc', pattern)).toEqual({ ok: false, reason: 'pattern-mismatch' });
    expect(parseRegex(' ', pattern)).toEqual({ ok: false, reason: 'empty-answer' });
  });

  it('gives the server the pattern without names, which its engines do not know', () => {
    expect(patternForServer(pattern)).toBe('\\n([a-z]+)(?: (\\d+))?');
  });
});

describe('the form json-schema', () => {
  const schema = z.strictObject({ score: z.literal([1, 2]), summary: z.string() });

  it('reads one document, fenced or not', () => {
    const value = { score: 1, summary: 'x' };
    expect(parseJsonForm(JSON.stringify(value), schema)).toEqual({ ok: true, value });
    expect(parseJsonForm(`\`\`\`json\n${JSON.stringify(value)}\n\`\`\``, schema)).toEqual({
      ok: true,
      value,
    });
  });

  it.each([
    ['', 'empty-answer'],
    ['{"score": 1', 'json-invalid'],
    ['{"score": 1, "summary": "x"} and more', 'json-invalid'],
    ['{"score": 3, "summary": "x"}', 'json-schema-mismatch'],
    ['{"score": 1, "summary": "x", "extra": 1}', 'json-schema-mismatch'],
    ['[]', 'json-schema-mismatch'],
  ])('refuses %j', (answer, reason) => {
    expect(parseJsonForm(answer, schema)).toEqual({ ok: false, reason });
  });

  it('gives the server a schema that allows nothing else', () => {
    expect(jsonSchemaOf(schema)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['score', 'summary'],
    });
  });
});
