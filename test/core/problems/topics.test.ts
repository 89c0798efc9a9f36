import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseTopics, topicOf } from '../../../core/problems/topics.ts';

describe('parseTopics', () => {
  it('reads topics with and without a domain', () => {
    const text =
      '\ufeff# remark\r\n\r\nsum of a list\ntool-usage: parsing: CSV\nCompetitive-Programming:  Nim \n';
    expect(parseTopics(text, 'topics.txt')).toEqual([
      { domain: 'basic-algorithm', topic: 'sum of a list' },
      { domain: 'tool-usage', topic: 'parsing: CSV' },
      { domain: 'competitive-programming', topic: 'Nim' },
    ]);
  });

  it.each([
    ['a\nb\ntoolusage: x', 'topics.txt, line 3: there is no domain toolusage'],
    ['a\nA', 'topics.txt, line 2: the topic "A" stands there twice.'],
    ['tool-usage:', 'topics.txt, line 1: the topic after the domain is empty.'],
    ['a\tb', 'topics.txt, line 1: a topic must not contain control characters.'],
    ['x'.repeat(201), 'topics.txt, line 1: a topic has 200 characters at most.'],
    ['# only this\n', 'topics.txt holds no topic.'],
  ])('complains about %j', (text, message) => {
    expect(() => parseTopics(text, 'topics.txt')).toThrow(message);
  });

  it('reads the lists of the repository', async () => {
    const basic = parseTopics(await readFile('topics/basic.txt', 'utf8'), 'topics/basic.txt');
    const paper = parseTopics(await readFile('topics/paper.txt', 'utf8'), 'topics/paper.txt');
    expect(basic.length).toBeGreaterThanOrEqual(64);
    expect(paper).toHaveLength(160);
    expect(new Set(paper.map(({ domain }) => domain)).size).toBe(4);
  });
});

describe('topicOf', () => {
  it('goes through the whole list before it repeats, each iteration from another start', () => {
    const topics = Array.from({ length: 10 }, (_, n) => ({
      domain: 'basic-algorithm' as const,
      topic: `topic ${n}`,
    }));
    for (const iteration of [1, 2, 3, 7]) {
      const names = topics.map((_, index) => topicOf(topics, iteration, index).topic);
      expect(new Set(names).size).toBe(10);
    }
    expect(topicOf(topics, 1, 0).topic).toBe('topic 0');
    expect(topicOf(topics, 2, 0).topic).toBe('topic 6');
    expect(topicOf(topics, 1, 13).topic).toBe('topic 3');
  });
});
