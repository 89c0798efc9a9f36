import { expect, it } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { OperationsAudit, operationsDocument } from '../../../core/report/campaign-documents.ts';

it('finds in the operations document who steered the campaign, and nothing else', () => {
  const config = CampaignConfig.parse({ name: 'a', model: { base: 'b' } });
  const audit = [
    { at: '2026-05-04T14:20:00.000Z', what: 'pause', by: 'ann', reason: 'the power is needed' },
    {
      at: '2026-05-04T15:20:00.000Z',
      what: 'retune',
      by: 'bob',
      reason: '',
      detail: 'candidates.count 8 → 16',
    },
  ];
  const score = { passAt1: 0.5, passed: 1, total: 2, low: 0, high: 1, tokens: 5 };
  const look = { n: 0, evaluation: [{ set: 'humaneval', score }], stages: {} };
  const document = operationsDocument({ config, records: [look], ended: null, faults: [], audit });
  expect(document.audit.length).toBeGreaterThan(audit.length);
  expect(OperationsAudit.parse(JSON.parse(JSON.stringify(document))).audit).toEqual(audit);
});
