import { describe, expect, it } from 'vitest';
import { parseSignature, signatureText } from '../../../core/python/signature.ts';

const canonical = (text: string): string => {
  const read = parseSignature(text);
  return read.ok ? signatureText(read.value) : read.reason;
};

describe('parseSignature', () => {
  it.each([
    ['def f(x: int) -> int:', 'def f(x: int) -> int:'],
    ['def f( a:int ,b : str="x, y" , ) ->bool :', 'def f(a: int, b: str = "x, y") -> bool:'],
    [
      'def f(a: dict[str, list[int]], b: Optional[Tuple[int, ...]] = None) -> int | None:',
      'def f(a: dict[str, list[int]], b: Optional[Tuple[int, ...]] = None) -> int | None:',
    ],
    ['def f(g: Callable[[int, str], bool]) -> None:', 'def f(g: Callable[[int, str], bool]) -> None:'],
    ['def f() -> list[int]:', 'def f() -> list[int]:'],
    ['def f(x: float = -1.5e3) -> float:', 'def f(x: float = -1.5e3) -> float:'],
  ])('writes %s anew', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    'def f(x) -> int:',
    'def f(x: int):',
    'def f(x: int) -> int',
    'def f(x: int, x: int) -> int:',
    'def f(x: int = g()) -> int:',
    'def f(x: int = 1, y: int) -> int:',
    'def f(x: eval) -> int:',
    'def f(x: int[__import__("os")]) -> int:',
    'def class(x: int) -> int:',
    'def f(x: int) -> int: return 1',
    'def f(x: int) -> int:\nimport os',
    'async def f(x: int) -> int:',
    'def f(*args: int) -> int:',
    'lambda x: x',
    '',
  ])('refuses %j', (text) => {
    expect(parseSignature(text)).toEqual({ ok: false, reason: 'signature-invalid' });
  });

  it('refuses what no person would read', () => {
    expect(canonical(`def f(${'x'.repeat(500)}: int) -> int:`)).toBe('signature-too-long');
  });

  it('tells which types must be imported', () => {
    const read = parseSignature('def f(a: List[int], b: Dict[str, Any]) -> list[int]:');
    expect(read.ok && read.value.typingNames).toEqual(['Any', 'Dict', 'List']);
  });
});
