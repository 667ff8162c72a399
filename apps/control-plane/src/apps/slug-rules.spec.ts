import { BerthError } from '@berth/errors/berth-error';
import { requireSlug, slugProblem } from './slug-rules';

describe('slug rules', () => {
  it.each(['abc', 'hello', 'a1b', '127', '2048-game', 'a-b-c', 'x'.repeat(40), 'hello-world-2'])('takes %s', (slug) => {
    expect(slugProblem(slug)).toBeNull();
  });

  it.each([
    ['', /shorter than 3/],
    ['ab', /shorter than 3/],
    ['x'.repeat(41), /longer than 40/],
    ['x'.repeat(1000), /longer than 40/],
    ['Hello', /lower-case/],
    ['héllo', /lower-case/],
    ['hello world', /lower-case/],
    ['hello.world', /lower-case/],
    ['hello_world', /lower-case/],
    ['🚀🚀🚀', /lower-case/],
    ['hello\n', /lower-case/],
    ['hello\u0000', /lower-case/],
    ['аррle', /lower-case/],
    ['-hello', /begins or ends/],
    ['hello-', /begins or ends/],
    ['---', /begins or ends/],
    ['hello--staging', /two hyphens/],
    ['xn--80ak6aa92e', /two hyphens/],
    ['www', /reserved/],
    ['admin', /reserved/],
    ['app', /reserved/],
    ['well-known', /reserved/],
  ])('refuses %j', (slug, problem) => {
    expect(slugProblem(slug)).toMatch(problem);
  });

  it('names the slug and the problem in the error, cut to a length that fits an answer', () => {
    const error = catchError(() => requireSlug('ü'.repeat(1000)));
    expect(error).toBeInstanceOf(BerthError);
    expect((error as BerthError).code).toBe('SLUG_INVALID');
    expect((error as BerthError).message.length).toBeLessThan(200);
  });
});

function catchError(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
