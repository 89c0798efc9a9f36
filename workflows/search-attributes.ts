/** What can be searched for in the Temporal UI; the stack, or `ucoder start`, registers them with the server. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const searchAttributes = {
  state: defineSearchAttributeKey('UcoderState', SearchAttributeType.KEYWORD),
  stage: defineSearchAttributeKey('UcoderStage', SearchAttributeType.KEYWORD),
  iteration: defineSearchAttributeKey('UcoderIteration', SearchAttributeType.INT),
  bestPassAt1: defineSearchAttributeKey('UcoderBestPassAt1', SearchAttributeType.DOUBLE),
};
