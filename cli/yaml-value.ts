/** A value of the command line that is read as YAML: numbers, words, [lists] and {maps}. */
import { InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import { messageOf } from '../core/errors.ts';

export const readYamlValue = (text: string): unknown => {
  try {
    return parse(text);
  } catch (thrown) {
    throw new InvalidArgumentError(`The value is no YAML: ${messageOf(thrown).split('\n')[0]}`);
  }
};
