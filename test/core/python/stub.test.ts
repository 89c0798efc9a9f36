import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topLevelStatements } from '../../../core/python/statements.ts';
import { problemStub, splitStub } from '../../../core/python/stub.ts';

const signature = 'def total(numbers: List[int]) -> int:';

describe('problemStub', () => {
  it('imports what the types need', () => {
    expect(problemStub({ signature, docstring: 'Return the sum.' })).toBe(
      'from typing import List\n\n\ndef total(numbers: List[int]) -> int:\n    """Return the sum."""',
    );
  });

  it('indents a docstring of several lines', () => {
    expect(problemStub({ signature: 'def f(x: int) -> int:', docstring: 'One.\n\nTwo:\n  x' })).toBe(
      'def f(x: int) -> int:\n    """One.\n\n    Two:\n      x\n    """',
    );
  });

  it('keeps any docstring inside its quotes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom('"', '\\', '\n', "'", 'a', ' ', '\r', '\u2028', '\0') }),
          fc.constant('x"""\nimport os\nos.system("x")\n"""'),
        ),
        (docstring) => {
          const statements = topLevelStatements(problemStub({ signature, docstring }));
          expect(statements.map(({ kind }) => kind)).toEqual(['import', 'def']);
          expect(statements[1]?.text.match(/"""/g)).toHaveLength(2);
        },
      ),
    );
  });
});

describe('splitStub', () => {
  it('takes imports and helpers apart from the last function of the name', () => {
    const stub =
      'import math\n\n\ndef helper(x):\n    return x\n\n\ndef f(x: float) -> float:\n    """Text."""\n';
    expect(splitStub(stub, 'f')).toEqual({
      preamble: 'import math\n\n\ndef helper(x):\n    return x\n\n\n',
      header: 'def f(x: float) -> float:',
    });
    expect(splitStub(stub, 'g')).toBeUndefined();
  });
});
