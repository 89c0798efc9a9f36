/** The schema as a table for docs/config.md: every key with its type, default and meaning. */
import { z } from 'zod';
import { CampaignConfig } from './campaign-config.ts';

type JsonSchema = {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
};

/** JSON Schema of a campaign file, for editors. */
export const campaignJsonSchema = (): JsonSchema & Record<string, unknown> =>
  z.toJSONSchema(CampaignConfig, { io: 'input' }) as JsonSchema & Record<string, unknown>;

const range = ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string => {
  const low =
    exclusiveMinimum !== undefined ? `> ${exclusiveMinimum}` : minimum !== undefined ? `≥ ${minimum}` : '';
  const big = maximum !== undefined && maximum >= Number.MAX_SAFE_INTEGER;
  const high =
    exclusiveMaximum !== undefined
      ? `< ${exclusiveMaximum}`
      : maximum !== undefined && !big
        ? `≤ ${maximum}`
        : '';
  return [low, high].filter(Boolean).join(', ');
};

/** `hasRows`: the keys of an object have rows of their own, and need not be listed. */
const typeText = (schema: JsonSchema, hasRows = false): string => {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf) return schema.anyOf.map((one) => typeText(one, hasRows)).join(' or ');
  if (schema.prefixItems) return `[${schema.prefixItems.map((one) => typeText(one)).join(', ')}]`;
  if (schema.type === 'array') return `list of ${schema.items ? typeText(schema.items) : 'values'}`;
  if (
    schema.properties &&
    hasRows &&
    Object.values(schema.properties).every(({ description }) => description)
  )
    return 'object';
  if (schema.properties)
    return `{${Object.entries(schema.properties)
      .map(([key, inner]) => `${key}: ${typeText(inner)}`)
      .join(', ')}}`;
  const limits = range(schema);
  return `${schema.type ?? 'any'}${limits ? ` ${limits}` : ''}`;
};

const defaultText = (schema: JsonSchema, required: boolean): string =>
  required ? 'required' : schema.default === undefined ? 'none' : `\`${JSON.stringify(schema.default)}\``;

/** The object that a value is, or may be. */
const objectOf = (schema: JsonSchema): JsonSchema | undefined =>
  schema.properties ? schema : schema.anyOf?.find(({ properties }) => properties !== undefined);

/** A row for each key, and below it for those of its keys that have a meaning of their own. */
const rows = (schema: JsonSchema, prefix: string): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const required = schema.required?.includes(key) ?? false;
    const cells = [
      `\`${prefix}${key}\``,
      typeText(value, objectOf(value) !== undefined),
      defaultText(value, required),
      value.description ?? '',
    ];
    const inner = objectOf(value);
    const explained = Object.entries(inner?.properties ?? {}).filter(([, { description }]) => description);
    return [
      `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
      ...rows({ ...inner, properties: Object.fromEntries(explained) }, `${prefix}${key}.`),
    ];
  });

/** Markdown: a table for the keys at the top and one for each section. */
export const configReference = (): string => {
  const schema = campaignJsonSchema();
  const head = '| key | type | default | meaning |\n|---|---|---|---|';
  const sections: string[] = [];
  const top: JsonSchema = { ...schema, properties: {} };
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const inner = value.properties ? value : value.items?.properties ? value.items : undefined;
    if (!inner) top.properties = { ...top.properties, [key]: value };
    else {
      const prefix = value.items ? `${key}[].` : `${key}.`;
      sections.push(`## ${key}\n\n${value.description ?? ''}\n\n${head}\n${rows(inner, prefix).join('\n')}`);
    }
  }
  return `# Campaign files

A campaign is one YAML file. An unknown key is an error that names the key which was probably meant;
\`npx ucoder validate <file>\` checks a file and everything it names. Defaults are the paper's wherever the
paper (arXiv 2512.17385) states a value. This page and \`campaign.schema.json\` are made from the schema in
\`core/config/campaign-config.ts\` by \`npm run docs\`.

## Top level

${head}
${rows(top, '').join('\n')}

${sections.join('\n\n')}
`;
};
