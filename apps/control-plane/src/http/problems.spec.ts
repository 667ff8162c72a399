import { z } from 'zod';
import { problemsOf } from './problems';

const schema = z.strictObject({
  name: z.string().min(2).max(5),
  count: z.int().min(1).max(9),
  kind: z.enum(['a', 'b']),
  list: z.array(z.string()).min(1),
  inner: z.strictObject({ flag: z.boolean() }),
});
const valid = { name: 'abc', count: 1, kind: 'a', list: ['x'], inner: { flag: true } };

it.each([
  [{ name: undefined }, 'name: is missing'],
  [{ name: 7 }, 'name: must be a text'],
  [{ name: 'a' }, 'name: must have 2 characters or more'],
  [{ name: 'abcdef' }, 'name: must have 5 characters or fewer'],
  [{ count: 10 }, 'count: must be 9 or fewer'],
  [{ count: '1' }, 'count: must be a number'],
  [{ kind: 'c' }, 'kind: must be one of a, b'],
  [{ list: [] }, 'list: must have 1 entries or more'],
  [{ list: [1] }, 'list.0: must be a text'],
  [{ inner: { flag: 1 } }, 'inner.flag: must be true or false'],
  [{ inner: { flag: true, more: 1 } }, 'inner.more: there is no such field'],
  [{ surprise: 1 }, 'surprise: there is no such field'],
])('%j', (change, problem) => {
  expect(problemsOf(schema.safeParse({ ...valid, ...change }).error)).toEqual([problem]);
});

it('says that there is no object at all', () => {
  expect(problemsOf(schema.safeParse(undefined).error)).toEqual(['a JSON object is expected']);
});

it('names ten at most', () => {
  const many = Object.fromEntries([...Array(50)].map((_, i) => [`field${i}`, 1]));
  expect(problemsOf(schema.safeParse({ ...valid, ...many }).error)).toHaveLength(10);
});
