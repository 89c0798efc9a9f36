/** What an iteration’s proposals follow: iterations/<n>/curriculum/plan.json, fixed before the first of them. */
import { z } from 'zod';
import { Problem } from '../problem.ts';
import { JudgeLine } from './judge-line.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);

export const PlannedTopic = Problem.pick({ domain: true, topic: true }).extend({
  evidence: z.number().min(0).describe('Problems measured before, older ones counting less.'),
  difficulty: share.describe('Share of candidates that are expected not to agree.'),
  signal: share.describe('Expected worth of a problem, 1 at the target.'),
  weight: share.describe('Share of the proposals.'),
  quota: count.describe('Of `count` problems.'),
  asked: share.describe(
    'Difficulty that the prompt asks for: above the target where the topic was too easy.',
  ),
});
export type PlannedTopic = z.infer<typeof PlannedTopic>;

export const CurriculumPlan = z.object({
  iteration: z.int().min(1),
  seed: z.int().min(0),
  target: share.describe('Difficulty that this iteration is after.'),
  count: count.describe('Problems wanted.'),
  wanted: count.describe(
    'Accepted problems after which no more are proposed; the nearest to the target stay.',
  ),
  measuredIn: z.array(z.int().min(1)).describe('Iterations whose problems the plan rests on.'),
  measured: count.describe('Problems that were measured there.'),
  judge: JudgeLine.describe('From the judge’s difficulty to agreement.'),
  topics: z.array(PlannedTopic).min(1).describe('In the order of domain and topic.'),
});
export type CurriculumPlan = z.infer<typeof CurriculumPlan>;
