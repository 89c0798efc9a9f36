import fc from 'fast-check';
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

  it('takes a fence off as one pattern for both of its ends would', () => {
    const unit = fc.constantFrom('```', '`', 'json', '\n', ' ', '1', '\n```', '```json\n');
    const pattern = /^```(?:json)?\s*\n([\s\S]*?)\n?```$/;
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (answer) => {
        const bare = answer.trim().replace(pattern, '$1');
        const read = parseJsonForm(answer, z.unknown());
        if (read.ok) expect(read.value).toEqual(JSON.parse(bare));
        else if (read.reason === 'empty-answer') expect(bare).toBe('');
        else expect(() => JSON.parse(bare)).toThrow(SyntaxError);
      }),
      { numRuns: 2000 },
    );
  });

  it('makes halves of surrogate pairs well-formed, however deep they lie, and keeps whole pairs', () => {
    const answer = '{"whole": "\\ud83d\\ude00", "halves": [{"high": "a\\ud83d", "low": "\\ude00b"}]}';
    expect(parseJsonForm(answer, z.unknown())).toEqual({
      ok: true,
      value: { whole: '😀', halves: [{ high: 'a\ufffd', low: '\ufffdb' }] },
    });
  });

  it('refuses bottomless nesting without losing its own stack', () => {
    expect(parseJsonForm('['.repeat(100_000), schema)).toMatchObject({ ok: false });
    expect(parseJsonForm('['.repeat(100_000) + ']'.repeat(100_000), schema)).toMatchObject({ ok: false });
  });
});
