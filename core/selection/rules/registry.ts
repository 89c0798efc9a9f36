/** All rules, in the order in which a cluster is judged; the first that refuses it is counted. */
import type { Cluster } from '../clusters.ts';
import type { RuleReport } from '../selection.ts';
import { argumentReturned } from './argument-returned.ts';
import { constantOutput } from './constant-output.ts';
import { emptyBody } from './empty-body.ts';
import { minimumShare } from './minimum-share.ts';
import { minimumSize } from './minimum-size.ts';
import type { NonTrivialRule, RuleContext } from './non-trivial-rule.ts';
import { someAnswer } from './some-answer.ts';
import { someChoosable } from './some-choosable.ts';
import { somePass } from './some-pass.ts';
import { variedAnswers } from './varied-answers.ts';

export const NON_TRIVIAL_RULES: readonly NonTrivialRule[] = [
  minimumSize,
  minimumShare,
  someChoosable,
  somePass,
  someAnswer,
  variedAnswers,
  constantOutput,
  emptyBody,
  argumentReturned,
];

export type JudgedClusters = {
  /** Non-trivial clusters in the order of the input. */
  eligible: Cluster[];
  /** Why the first cluster is trivial, where it is. */
  firstRefusal: string | undefined;
  reports: RuleReport[];
};

export const judgeClusters = (clusters: readonly Cluster[], context: RuleContext): JudgedClusters => {
  const rules = NON_TRIVIAL_RULES.filter((rule) => rule.appliesTo(context));
  const reports = new Map(rules.map(({ name }) => [name, { rule: name, refused: 0, notEvaluated: 0 }]));
  const eligible: Cluster[] = [];
  let firstRefusal: string | undefined;
  for (const cluster of clusters) {
    const refusal = firstRefusalOf(cluster, rules, context, reports);
    if (refusal === undefined) eligible.push(cluster);
    else if (cluster === clusters[0]) firstRefusal = refusal;
  }
  return { eligible, firstRefusal, reports: [...reports.values()] };
};

const firstRefusalOf = (
  cluster: Cluster,
  rules: readonly NonTrivialRule[],
  context: RuleContext,
  reports: ReadonlyMap<string, RuleReport>,
): string | undefined => {
  for (const rule of rules) {
    const verdict = rule.judge(cluster, context);
    const report = reports.get(rule.name);
    if (verdict.state === 'kept' || report === undefined) continue;
    if (verdict.state === 'refused') {
      report.refused += 1;
      return verdict.reason;
    }
    report.notEvaluated += 1;
  }
  return undefined;
};
