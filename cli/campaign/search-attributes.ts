/** Registers our search attributes with a server that does not have them yet. */
import type { Client, Connection } from '@temporalio/client';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';

/** temporal.api.enums.v1.IndexedValueType */
const TYPES: Record<string, number> = { KEYWORD: 2, INT: 3, DOUBLE: 4 };

/** Thrown: service-unavailable, naming the attributes and the command that registers them by hand. */
export const registerSearchAttributes = async (client: Client): Promise<void> => {
  const { operatorService } = client.connection as Connection;
  const { namespace } = client.options;
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = Object.values(searchAttributes).filter(({ name }) => !(name in (customAttributes ?? {})));
    if (missing.length === 0) return;
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, TYPES[type] ?? 0])),
    });
  } catch (cause) {
    const names = Object.values(searchAttributes).map(({ name, type }) => `--name ${name} --type ${type}`);
    throw new UcoderError(
      'service-unavailable',
      `Could not register the search attributes (${messageOf(cause)}). By hand: temporal operator search-attribute create ${names.join(' ')}`,
      { cause },
    );
  }
};
