/** vLLM on the CPU, serving one model. Every flag here was tried; the comments say what happens without it. */
import { join } from 'node:path';
import type { Environment } from '../environment.ts';
import type { Paths } from '../paths.ts';
import type { MachineShape } from './machine-shape.ts';
import type { ServedModel } from './served-model.ts';
import type { Service } from './service.ts';

const GIB = 1024 ** 3;
/** A prompt is prefilled whole, so a batch must hold the longest. */
const BATCHED_TOKENS = 8192;
/** vLLM's cap on log-probabilities per token; the judge asks for the score tokens' alternatives. */
const LOG_PROBABILITIES = 20;

export const modelService = (
  python: string,
  model: ServedModel,
  environment: Environment,
  paths: Pick<Paths, 'state' | 'cache'>,
  machine: MachineShape,
): Service<'model'> => ({
  name: 'model',
  role: 'model',
  command: [
    // The `vllm` command looks for a distribution of another name than the CPU build's.
    ...([python, '-m', 'vllm.entrypoints.openai.api_server'] as const),
    ...['--model', model.path, '--served-model-name', model.name],
    ...['--host', '127.0.0.1', '--port', String(environment.modelPort)],
    // bfloat16 is four times slower on a processor without AVX-512, and answers would differ by machine.
    ...['--dtype', 'float32', '--max-model-len', String(model.contextLength)],
    // A prefill that is split kills the engine on seeded requests ("CPU Generator does not use offset").
    ...[
      '--no-enable-chunked-prefill',
      '--max-num-batched-tokens',
      String(Math.max(BATCHED_TOKENS, model.contextLength)),
    ],
    ...['--max-num-seqs', '64', '--max-logprobs', String(LOG_PROBABILITIES)],
    // Compiled: ready after 105 s of processor time instead of 26 (minutes the first time), 123 tokens for each
    // second of it instead of 127.
    '--enforce-eager',
    '--disable-uvicorn-access-log',
  ],
  folder: paths.state,
  environment: {
    VLLM_CPU_KVCACHE_SPACE: String(cacheGibibytes(machine.memoryBytes)),
    // By default one core is kept from the kernels: half of a small machine.
    VLLM_CPU_OMP_THREADS_BIND: machine.processors,
    VLLM_NO_USAGE_STATS: '1',
    DO_NOT_TRACK: '1',
    HF_HUB_OFFLINE: '1',
    // Even eager execution compiles one helper for log-probabilities, and dies where there is no C++ compiler.
    TORCHDYNAMO_DISABLE: '1',
    VLLM_CACHE_ROOT: join(paths.cache, 'vllm'),
    // Three processes import torch and vLLM; without bytecode each start takes three times as long.
    PYTHONDONTWRITEBYTECODE: undefined,
    // The environment is complete in itself: packages of the user's must not come first.
    PYTHONPATH: undefined,
    PYTHONHOME: undefined,
  },
  ports: [{ port: environment.modelPort, variable: 'UCODER_MODEL_PORT' }],
  address: `127.0.0.1:${environment.modelPort}`,
  health: { kind: 'http', url: `http://127.0.0.1:${environment.modelPort}/health` },
  folders: [],
  // 30 s where it is quiet; minutes where installation or a fine-tune shares the processors.
  readyTimeoutMs: 600_000,
  // Its loop is busy while it prefills; a burst of a thousand prompts keeps /health waiting for long.
  unhealthyTimeoutMs: 180_000,
  stop: { signal: 'SIGTERM', graceMs: 10_000 },
  dependsOn: [],
});

/** A sixth of the memory, from 1 to 4 GiB: 4 hold 93,000 tokens of the built-in model, 45 full contexts. */
const cacheGibibytes = (memoryBytes: number): number =>
  Math.max(1, Math.min(4, Math.floor(memoryBytes / GIB / 6)));
