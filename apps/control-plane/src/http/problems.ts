import { z } from 'zod';

const mostProblems = 10;

/** `field: what is wrong with it`, one text a problem, in words for people. */
export function problemsOf(error: unknown): string[] {
  if (!(error instanceof z.ZodError)) return ['the request does not have the form that is expected'];
  return error.issues.flatMap(describe).slice(0, mostProblems);
}

function describe(issue: z.core.$ZodIssue): string[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: there is no such field`);
  return [field === '' ? sentence(issue) : `${field}: ${sentence(issue)}`];
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.path.length === 0) return 'a JSON object is expected';
      return /received undefined$/.test(issue.message) ? 'is missing' : `must be ${article(issue.expected)}`;
    case 'too_small':
      return `must ${measure(issue.origin)} ${issue.minimum}${unit(issue.origin)} or more`;
    case 'too_big':
      return `must ${measure(issue.origin)} ${issue.maximum}${unit(issue.origin)} or fewer`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'has none of the forms that are allowed';
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  }
}

function article(expected: string): string {
  const name = { int: 'whole number', string: 'text', array: 'list', boolean: 'true or false' }[expected] ?? expected;
  if (name.startsWith('true')) return name;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function measure(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'have' : 'be';
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}
