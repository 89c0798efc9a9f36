import { expect, it } from 'vitest';
import { sideBySide } from '../../../core/report/side-by-side.ts';

it('puts two programs beside each other, long lines cut, nothing that a terminal obeys', () => {
  const text = sideBySide('def f():\n\treturn 1', 'x = "\u001b[2J"\ny = 12345678901', 12);
  expect(text).toBe('def f():     │ x = "[2J"\n    return 1 │ y = 1234567…\n');
});
