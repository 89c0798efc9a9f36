/** What is asked of a model server and what comes back, whichever server it is. */
import type { ScoredToken } from '../../core/judging/expected-score.ts';
import type { JsonSchemaDocument } from '../../core/prompts/json-form.ts';
import type { RenderedPrompt } from '../../core/prompts/render.ts';

export type ModelRequest = {
  /** The name under which the server offers the model. */
  model: string;
  prompt: RenderedPrompt;
  temperature: number;
  topP: number;
  maxTokens: number;
  stop: readonly string[];
  /** Samples; the i-th has the seed plus i. */
  samples: number;
  seed: number;
  /** Likeliest tokens wanted at each position, 20 at most. */
  topLogprobs?: number;
  constraint?: { regex: string } | { jsonSchema: JsonSchemaDocument };
};

export type ModelChoice = {
  text: string;
  finish: 'stop' | 'length' | 'other';
  /** Completion tokens. */
  tokens: number;
  /** exp(−mean log-probability); null where the server gives none. */
  perplexity: number | null;
  /** Each position with its likeliest tokens; empty unless asked for. */
  positions: ScoredToken[];
};

export type ModelAnswer = { choices: ModelChoice[]; tokens: number };

export type ScoreRequest = { model: string; given: string; scored: string };

export interface ModelClient {
  /**
   * Thrown: model-missing, model-refused, model-unavailable, model-answer-invalid, model-stalled; the signal's
   * reason where it was aborted.
   */
  ask(request: ModelRequest, signal?: AbortSignal): Promise<ModelAnswer>;
  /** The log-probabilities of the tokens of `scored`, given all before. Thrown: as by ask. */
  score(request: ScoreRequest, signal?: AbortSignal): Promise<number[]>;
}

export type ModelServer = { url: string; apiKey?: string | undefined };
