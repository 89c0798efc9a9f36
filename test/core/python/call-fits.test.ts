import { describe, expect, it } from 'vitest';
import { argumentOpening } from '../../../core/python/argument-opening.ts';
import { callMisfit } from '../../../core/python/call-fits.ts';
import { literalFits } from '../../../core/python/literal-fits.ts';
import { parseSignature, type Signature } from '../../../core/python/signature.ts';
import { splitList } from '../../../core/python/split-list.ts';

const signature = (parameters: string): Signature => {
  const read = parseSignature(`def f(${parameters}) -> int:`);
  if (!read.ok) throw new Error(read.reason);
  return read.value;
};

describe('splitList', () => {
  it.each([
    ['', []],
    ['1, [2, 3], "a,b", {4: (5, 6)},', ['1', '[2, 3]', '"a,b"', '{4: (5, 6)}']],
    ['[1', undefined],
    ['"a', undefined],
  ])('splits %s', (text, items) => {
    expect(splitList(text)).toEqual(items);
  });
});

describe('callMisfit', () => {
  it.each([
    ['f(1)', 'a: int', undefined],
    ['f()', 'a: int', 'argument-count-mismatch'],
    ['f(1, 2)', 'a: int', 'argument-count-mismatch'],
    ['f(1)', 'a: int, b: int = 2', undefined],
    ['f(1, a=2)', 'a: int, b: int = 2', 'argument-count-mismatch'],
    ['f(b=2)', 'a: int, b: int = 2', 'argument-count-mismatch'],
    ['f(c=2, a=1)', 'a: int', 'argument-unknown'],
    ['f(1 == 1)', 'a: bool', undefined],
    ['f(*[1, 2, 3])', 'a: int', undefined],
    ['f("x" * 9)', 'a: list', undefined],
    ['f("x")', 'a: list', 'argument-type-mismatch'],
    ['f([1], "x")', 'a: list[int], b: int', 'argument-type-mismatch'],
    ['f([1, ")"], 2)', 'a: list, b: int', undefined],
  ])('%s of (%s): %s', (call, parameters, misfit) => {
    expect(callMisfit(call, signature(parameters))).toBe(misfit);
  });
});

describe('literalFits', () => {
  it.each([
    ['1', 'float', true],
    ['True', 'int', true],
    ['1', 'bool', false],
    ['1.0', 'int', false],
    ['None', 'int | None', true],
    ['None', 'Optional[int]', true],
    ['"a"', 'Optional[int]', false],
    ['"a"', 'Union[int, str]', true],
    ['[]', 'list[int]', true],
    ['[1, "a"]', 'list[int]', false],
    ['[1, "a"]', 'list[int | str]', true],
    ['{"a": 1}', 'Dict[str, int]', true],
    ['{"a": "b"}', 'Dict[str, int]', false],
    ['(1, 2)', 'tuple[int, ...]', true],
    ['(1, 2)', 'Tuple[int, str]', false],
    ['(1, 2)', 'list', false],
    ['"a"', 'Any', true],
    ['1', 'Callable[[int], int]', true],
    ['x + 1', 'str', true],
  ])('%s as %s: %s', (text, hint, answer) => {
    expect(literalFits(text, hint)).toBe(answer);
  });
});

describe('argumentOpening', () => {
  it.each([
    ['a: list[int], b: str', '['],
    ['text: str', '"'],
    ['a: Dict[str, int]', '{'],
    ['a: tuple[int, int]', '('],
    ['a: int', ''],
    ['a: list[int] | str', ''],
    ['a: Optional[str]', ''],
  ])('of (%s) is %s', (parameters, opening) => {
    expect(argumentOpening(signature(parameters))).toBe(opening);
  });
});
