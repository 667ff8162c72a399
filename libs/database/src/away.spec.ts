import { errorFields, isDatabaseAway } from './away';

function named(name: string): Error {
  return Object.assign(new Error('gone'), { name });
}

describe('a database that is away', () => {
  it.each([
    'MongoServerSelectionError',
    'MongooseServerSelectionError',
    'MongoNetworkError',
    'MongoNetworkTimeoutError',
    'MongoPoolClearedError',
    'MongoNotConnectedError',
  ])('is told by %s', (name) => {
    expect(isDatabaseAway(named(name))).toBe(true);
    expect(errorFields(named(name))).toEqual({ reason: 'gone' });
  });

  it.each(['MongoServerError', 'Error', 'TypeError'])('is not told by %s', (name) => {
    const error = named(name);
    expect(isDatabaseAway(error)).toBe(false);
    expect(errorFields(error)).toEqual({ err: error });
  });
});
