import { backOffMs, restartPauseMs } from './back-off';

describe('the pause after a failure', () => {
  const middle = 0.5;
  it.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [8, 64_000],
    [20, 300_000],
  ])('after %i failures is %i ms', (attempts, ms) => {
    expect(backOffMs(attempts, 'RUNTIME_BOOT_FAILED', middle)).toBe(ms);
  });

  it('stays short for causes that others mend', () => {
    expect(backOffMs(20, 'IMAGE_MISSING', middle)).toBe(15_000);
  });

  it('differs by up to a fifth', () => {
    expect(backOffMs(1, 'RUNTIME_BOOT_FAILED', 0)).toBe(400);
    expect(backOffMs(1, 'RUNTIME_BOOT_FAILED', 1)).toBe(600);
  });
});

it('starts again at once after the first end, then more slowly', () => {
  expect(restartPauseMs(1)).toBe(0);
  expect(restartPauseMs(2, 0.5)).toBe(1000);
});
