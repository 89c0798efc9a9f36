/** Reads a campaign file’s text. Every complaint names the line, the field and what to write instead. */
import { isMap, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { UcoderError } from '../errors.ts';
import { CampaignConfig } from './campaign-config.ts';
import { explainIssues, type Path, pathText } from './explain-issues.ts';
import { settingProblems } from './setting-rules.ts';

/** Thrown: invalid-config, with one line for each fault. `place` is the file’s name as the user gave it. */
export const parseCampaign = (text: string, place: string): CampaignConfig => {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const fault = document.errors[0];
  if (fault) {
    throw new UcoderError(
      'invalid-config',
      `${place}:${lineCounter.linePos(fault.pos[0]).line}: ${fault.message}`,
    );
  }
  const lineOf = (path: Path): number => {
    const offset = offsetOf(document.contents, path);
    return offset === undefined ? 1 : lineCounter.linePos(offset).line;
  };
  const complain = (issues: readonly { path: Path; message: string }[]): never => {
    const lines = issues.map(
      ({ path, message }) => `${place}:${lineOf(path)}: ${pathText(path) || 'the file'}: ${message}`,
    );
    throw new UcoderError('invalid-config', lines.join('\n'));
  };

  const parsed = CampaignConfig.safeParse(document.toJS() ?? {});
  if (!parsed.success) return complain(explainIssues(parsed.error, CampaignConfig));
  const problems = settingProblems(parsed.data);
  return problems.length > 0 ? complain(problems) : parsed.data;
};

/** Where the value of a path begins in the text; for a missing one, where its nearest parent does. */
const offsetOf = (node: ParsedNode | null, path: Path): number | undefined => {
  const [head, ...rest] = path;
  if (head === undefined || node === null) return node?.range[0];
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === head);
    if (!pair) return node.range[0];
    return rest.length === 0 || pair.value === null
      ? pair.key.range[0]
      : offsetOf(pair.value as ParsedNode, rest);
  }
  const item = 'items' in node && typeof head === 'number' ? node.items[head] : undefined;
  return item ? offsetOf(item as ParsedNode, rest) : node.range[0];
};
