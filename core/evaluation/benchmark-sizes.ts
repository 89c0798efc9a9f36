import type { BENCHMARKS } from '../config/campaign-config.ts';

/** Questions of each benchmark. */
export const BENCHMARK_SIZES: Readonly<Record<(typeof BENCHMARKS)[number], number>> = { humaneval: 164 };
