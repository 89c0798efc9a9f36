/**
 * Problems whose quality is known, to measure a judge by: good ones, and as many that were spoilt in the ways
 * in which models spoil them. None stands in a prompt as an example, and no prompt was tuned on them.
 */
import type { Problem } from '../problems/problem.ts';

export type PlantedProblem = Pick<Problem, 'functionName' | 'signature' | 'docstring'> & {
  /** How a spoilt one was spoilt; good ones have none. */
  fault?:
    | 'another function'
    | 'wrong types'
    | 'says nothing'
    | 'garbled'
    | 'broken off'
    | 'argument missing'
    | 'contradiction'
    | 'not determined';
};

const planted = (signature: string, docstring: string, fault?: PlantedProblem['fault']): PlantedProblem => ({
  functionName: /^def (\w+)/.exec(signature)?.[1] ?? '',
  signature,
  docstring,
  ...(fault ? { fault } : {}),
});

export const PLANTED_PROBLEMS: readonly PlantedProblem[] = [
  planted(
    'def median(numbers: list[float]) -> float:',
    'Return the median of a non-empty list of numbers. For an even count it is the mean of the two middle ones.',
  ),
  planted('def count_uppercase(text: str) -> int:', 'Return the number of upper case letters in the text.'),
  planted(
    'def rotate_left(items: list[int], steps: int) -> list[int]:',
    'Return the list rotated to the left by the given number of steps.',
  ),
  planted(
    'def is_anagram(first: str, second: str) -> bool:',
    'Return True if both words consist of the same letters, ignoring case.',
  ),
  planted('def lcm(a: int, b: int) -> int:', 'Return the least common multiple of two positive integers.'),
  planted(
    'def flatten(rows: list[list[int]]) -> list[int]:',
    'Return all numbers of the rows in one list, row after row.',
  ),
  planted(
    'def to_binary(number: int) -> str:',
    'Return the binary digits of a non-negative integer as a string without a prefix.',
  ),
  planted(
    'def second_largest(numbers: list[int]) -> int:',
    'Return the second largest of the distinct numbers in the list. The list has at least two distinct numbers.',
  ),
  planted(
    'def hamming_distance(first: str, second: str) -> int:',
    'Return the number of positions at which two strings of equal length differ.',
  ),
  planted(
    'def running_total(numbers: list[int]) -> list[int]:',
    'Return a list whose element at each position is the sum of all numbers up to that position.',
  ),
  planted(
    'def is_perfect_square(number: int) -> bool:',
    'Return True if the number is the square of an integer.',
  ),
  planted(
    'def swap_case(text: str) -> str:',
    'Return the text with upper case letters in lower case and lower case letters in upper case.',
  ),
  planted(
    'def count_occurrences(items: list[str], wanted: str) -> int:',
    'Return how many times the wanted string occurs in the list.',
  ),
  planted(
    'def clamp(value: float, low: float, high: float) -> float:',
    'Return the value, or the nearest bound where it lies outside of the range from low to high.',
  ),
  planted(
    'def collatz_steps(number: int) -> int:',
    'Return the number of Collatz steps that a positive integer takes to reach 1.',
  ),
  planted(
    'def remove_vowels(text: str) -> str:',
    'Return the text without the letters a, e, i, o and u in either case.',
  ),
  planted(
    'def transpose(matrix: list[list[int]]) -> list[list[int]]:',
    'Return the transposed matrix. All rows have the same length.',
  ),
  planted(
    'def initials(name: str) -> str:',
    'Return the first letters of all words of the name in upper case, without separators.',
  ),
  planted(
    'def days_in_month(month: int, leap: bool) -> int:',
    'Return the number of days of a month from 1 to 12. In a leap year February has 29.',
  ),
  planted(
    'def chunk(items: list[int], size: int) -> list[list[int]]:',
    'Return the items cut into lists of the given size. The last one may be shorter.',
  ),

  planted(
    'def median(numbers: list[float]) -> float:',
    'Return the text with all spaces replaced by underscores.',
    'another function',
  ),
  planted(
    'def count_uppercase(text: str) -> int:',
    'Return True if the year is divisible by the month.',
    'another function',
  ),
  planted(
    'def lcm(a: int, b: int) -> int:',
    'Return the longest name in the list of names.',
    'another function',
  ),
  planted(
    'def is_anagram(first: str, second: str) -> bool:',
    'Return the average of the temperatures in degrees.',
    'another function',
  ),
  planted(
    'def rotate_left(items: list[int], steps: int) -> bool:',
    'Return the list rotated to the left by the given number of steps.',
    'wrong types',
  ),
  planted(
    'def remove_vowels(text: float) -> list[int]:',
    'Return the text without the letters a, e, i, o and u in either case.',
    'wrong types',
  ),
  planted(
    'def initials(name: int) -> float:',
    'Return the first letters of all words of the name in upper case.',
    'wrong types',
  ),
  planted('def solve(data: list[int]) -> int:', 'Return the solution of the problem.', 'says nothing'),
  planted('def calculate(value: int) -> int:', 'Return the calculated value.', 'says nothing'),
  planted(
    'def helper(items: list[str]) -> list[str]:',
    'Return the items after doing what is needed with them.',
    'says nothing',
  ),
  planted(
    'def transpose(matrix: list[int]) -> list[int]:',
    'Return matrix the of matrix matrix the transposed of rows rows matrix.',
    'garbled',
  ),
  planted(
    'def swap_case(text: str) -> str:',
    'Return the case case of the text text where the case is the case of the text of the case.',
    'garbled',
  ),
  planted(
    'def running_total(numbers: list[int]) -> list[int]:',
    'Return a list whose element at each position is the sum of all of the and then',
    'broken off',
  ),
  planted(
    'def hamming_distance(first: str, second: str) -> int:',
    'Return the number of positions at which two strings of equal',
    'broken off',
  ),
  planted(
    'def clamp(value: float) -> float:',
    'Return the value, or the nearest bound where it lies outside of the range from low to high.',
    'argument missing',
  ),
  planted(
    'def count_occurrences(items: list[str]) -> int:',
    'Return how many times the wanted string occurs in the list.',
    'argument missing',
  ),
  planted(
    'def second_largest(numbers: list[int]) -> int:',
    'Return the second largest number. It must be larger than the largest number and smaller than the smallest one.',
    'contradiction',
  ),
  planted(
    'def is_perfect_square(number: int) -> bool:',
    'Return True if the number is a square and also return False if the number is a square.',
    'contradiction',
  ),
  planted(
    'def pick_winner(names: list[str]) -> str:',
    'Return one of the names at random.',
    'not determined',
  ),
  planted(
    'def next_price(prices: list[float]) -> float:',
    'Return the price that the share will have next week.',
    'not determined',
  ),
];
