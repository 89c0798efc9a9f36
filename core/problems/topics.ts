/**
 * The file of seed topics: one a line, either `topic` or `domain: topic` with one of the paper's four domains.
 * Blank lines and lines that begin with # are left out.
 */
import { UcoderError } from '../errors.ts';
import { PROBLEM_DOMAINS, type Problem } from './problem.ts';

export type Topic = Pick<Problem, 'domain' | 'topic'>;

const DEFAULT_DOMAIN: Topic['domain'] = 'basic-algorithm';
const MAXIMUM_LENGTH = 200;

/** Thrown: invalid-input, naming the file and the line. */
export const parseTopics = (text: string, source: string): Topic[] => {
  const topics = new Map<string, Topic>();
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const refuse = (why: string): never => {
      throw new UcoderError('invalid-input', `${source}, line ${index + 1}: ${why}`);
    };
    const topic = parseTopic(line, refuse);
    const key = `${topic.domain}: ${topic.topic.toLowerCase()}`;
    if (topics.has(key)) refuse(`the topic ${JSON.stringify(topic.topic)} stands there twice.`);
    topics.set(key, topic);
  }
  if (topics.size === 0) throw new UcoderError('invalid-input', `${source} holds no topic.`);
  return [...topics.values()];
};

const parseTopic = (line: string, refuse: (why: string) => never): Topic => {
  const prefix = /^([A-Za-z]+(?:[-_ ][A-Za-z]+)*)\s*:\s*(.*)$/.exec(line);
  const named = prefix?.[1]?.toLowerCase();
  const domain = PROBLEM_DOMAINS.find((candidate) => candidate === named);
  if (named && !domain) refuse(`there is no domain ${named}; there are ${PROBLEM_DOMAINS.join(', ')}.`);
  const topic = domain ? (prefix?.[2] ?? '') : line;
  if (topic === '') refuse('the topic after the domain is empty.');
  if (topic.length > MAXIMUM_LENGTH) refuse(`a topic has ${MAXIMUM_LENGTH} characters at most.`);
  if (/\p{Cc}/u.test(topic)) refuse('a topic must not contain control characters.');
  return { domain: domain ?? DEFAULT_DOMAIN, topic };
};

/** Share of the list by which each iteration starts further on: the golden ratio spreads any number of them. */
const ITERATION_STEP = 0.618;

/** The topic of an iteration's proposal number `index`. Each iteration goes through the list from another start. */
export const topicOf = (topics: readonly Topic[], iteration: number, index: number): Topic => {
  const offset = Math.floor(((iteration - 1) * ITERATION_STEP * topics.length) % topics.length);
  const topic = topics[(index + offset + topics.length) % topics.length];
  if (!topic) throw new UcoderError('internal', `There is no topic for proposal ${index}.`);
  return topic;
};
