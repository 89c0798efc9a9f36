/** Loads a prompt set from its folder: `prompt-set.yaml`, and beside it one text file for each stage. */
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { explainIssues, pathText } from '../../core/config/explain-issues.ts';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { templateProblems } from '../../core/prompts/check-templates.ts';
import { PromptSet } from '../../core/prompts/prompt-set.ts';
import { projectRoot } from '../paths.ts';

const SHEET = 'prompt-set.yaml';

/** A name stands for a folder below the project's prompts/; anything with a slash or a dot is a path. */
export const promptSetFolder = (nameOrPath: string): string =>
  isAbsolute(nameOrPath) || /[/\\.]/.test(nameOrPath)
    ? resolve(nameOrPath)
    : join(projectRoot, 'prompts', nameOrPath);

/** Thrown: prompt-set-invalid, with one line for each fault, naming file and field. */
export const loadPromptSet = async (nameOrPath: string): Promise<PromptSet> => {
  const folder = promptSetFolder(nameOrPath);
  const sheet = join(folder, SHEET);
  const text = await read(sheet, `there is no prompt set ${nameOrPath}`);
  const document = parseDocument(text, { prettyErrors: true });
  const fault = document.errors[0];
  if (fault) throw invalid([`${sheet}: ${fault.message}`]);
  const result = PromptSet.safeParse(await withTexts(document.toJS(), folder, sheet));
  if (!result.success) {
    throw invalid(
      explainIssues(result.error, PromptSet).map(
        ({ path, message }) => `${sheet}: ${pathText(path) || 'the file'}: ${message}`,
      ),
    );
  }
  const problems = templateProblems(result.data);
  if (problems.length > 0) {
    throw invalid(
      problems.map(({ stage, field, message }) => `${sheet}: stages.${stage}.${field}: ${message}`),
    );
  }
  return result.data;
};

/** Puts each stage's text in the place of its file's name. */
const withTexts = async (sheet: unknown, folder: string, place: string): Promise<unknown> => {
  if (!isRecord(sheet) || !isRecord(sheet.stages)) return sheet;
  const stages: Record<string, unknown> = {};
  for (const [name, stage] of Object.entries(sheet.stages)) {
    if (!isRecord(stage) || typeof stage.text !== 'string') {
      stages[name] = stage;
      continue;
    }
    const text = await read(join(folder, stage.text), `${place}: stages.${name}.text names no file`);
    // Editors end a file with a line break; a prompt that ends with one is answered with nothing by small models.
    stages[name] = { ...stage, text: text.replace(/\r\n/g, '\n').replace(/\n$/, '') };
  }
  return { ...sheet, stages };
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const read = async (path: string, complaint: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UcoderError('prompt-set-invalid', `${complaint}: ${messageOf(cause)}.`, { cause });
  }
};

const invalid = (lines: readonly string[]): UcoderError =>
  new UcoderError('prompt-set-invalid', lines.join('\n'));
