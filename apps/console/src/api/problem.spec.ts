import { ApiProblem, toProblem } from './problem';

describe('problems at fields', () => {
  const problem = new ApiProblem(400, 'INPUT_INVALID', 'Not valid', 'Correct it', null, {
    problems: ['name: at most 60 characters', 'identity.masterKey: must differ: from all others.'],
  });

  it.each([
    ['name', 'At most 60 characters.'],
    ['masterKey', 'Must differ: from all others.'],
    ['slug', null],
  ])('%s: %s', (field, said) => {
    expect(problem.fieldProblem(field)).toBe(said);
  });

  it('makes a problem of anything, and shows nothing of the inside', () => {
    expect(toProblem(new TypeError('x is undefined')).message).not.toContain('undefined');
    expect(toProblem(problem)).toBe(problem);
  });
});
