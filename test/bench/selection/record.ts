/**
 * `npm run bench:selection:record [-- --tasks N]`: makes the recorded set with the model that `ucoder up` serves.
 * Started again, it goes on behind the last complete problem; after the last one the set of the repository is replaced.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import Dockerode from 'dockerode';
import { readBenchmark } from '../../../activities/evaluation/benchmark-file.ts';
import { createModelClient } from '../../../activities/model/model-client.ts';
import { createExecutor } from '../../../activities/sandbox/executor.ts';
import { readEnvironment } from '../../../infra/environment.ts';
import { BASE_MODEL_NAME } from '../../../infra/install/base-model.ts';
import { HUMANEVAL_PROBLEMS, humanEvalFile } from '../../../infra/install/human-eval.ts';
import { pathsFor, projectRoot } from '../../../infra/paths.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';
import { resolveConnections } from '../../../infra/stack/connections.ts';
import { recordProblem } from './record-problem.ts';
import { recordSet } from './record-set.ts';
import { packRecordedSet } from './recorded-set.ts';

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: String(HUMANEVAL_PROBLEMS) },
    candidates: { type: 'string', default: '64' },
    tests: { type: 'string', default: '16' },
    model: { type: 'string', default: BASE_MODEL_NAME },
    prompts: { type: 'string', default: 'small' },
    out: { type: 'string', default: join(projectRoot, '.ucoder', 'bench', 'humaneval.jsonl') },
  },
});

const environment = readEnvironment();
const connections = await resolveConnections(environment);
const executor = await createExecutor({ docker: new Dockerode(connections.docker) });
try {
  const tasks = await readBenchmark('humaneval', { humaneval: humanEvalFile(pathsFor(environment)) });
  const recorder = {
    client: createModelClient(connections.model),
    executor,
    set: await loadPromptSet(values.prompts),
    model: values.model,
    candidates: Number(values.candidates),
    tests: Number(values.tests),
  };
  const wanted = tasks.slice(0, Number(values.tasks));
  await mkdir(dirname(values.out), { recursive: true });
  await recordSet({
    tasks: wanted,
    path: values.out,
    record: (task) => recordProblem(recorder, task),
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  if (wanted.length === tasks.length) packRecordedSet(await readFile(values.out, 'utf8'));
} finally {
  await executor.close();
}
