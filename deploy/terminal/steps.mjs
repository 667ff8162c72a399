// @ts-check
import { styleText } from 'node:util';

const SLOW_MS = 15_000;
const REDRAW_MS = 100;
const TITLE_WIDTH = 46;

/**
 * What a running step may say.
 * @typedef {object} StepContext
 * @property {(line: string) => void} progress what it is doing at this moment
 * @property {(text: string) => void} outcome stands on the step's line when it is done
 */

/** Thrown by a step that another one's failure made pointless: it leaves no line. */
export class StepLeft extends Error {}

/**
 * Shows steps as they run: one line for each when it is done, with its time. On a terminal the running ones stand below with
 * their newest output; elsewhere a slow one says now and then that it goes on.
 * @param {NodeJS.WriteStream | { write: (text: string) => unknown, isTTY?: boolean, columns?: number }} out
 */
export function createSteps(out) {
  const live = Boolean(out.isTTY);
  /** @type {Set<{ title: string, begunAt: number, detail: string }>} */
  const running = new Set();
  let drawn = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  const erase = () => {
    if (drawn > 0) out.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    erase();
    for (const step of running) {
      const line = `  … ${step.title.padEnd(TITLE_WIDTH)} ${seconds(step.begunAt)}  ${step.detail}`;
      out.write(`${line.slice(0, (out.columns ?? 100) - 1)}\n`);
      drawn += 1;
    }
  };
  const print = (/** @type {string} */ text) => {
    if (live) erase();
    out.write(`${text}\n`);
    if (live) draw();
  };
  const paint = (/** @type {Parameters<typeof styleText>[0]} */ style, /** @type {string} */ text) =>
    live ? styleText(style, text, { validateStream: false }) : text;

  return {
    print,

    /**
     * @template T
     * @param {string} title what is being done, as a person would say it
     * @param {(step: StepContext) => Promise<T>} work
     * @returns {Promise<T>}
     */
    async run(title, work) {
      const step = { title, begunAt: Date.now(), detail: '' };
      let outcome = '';
      running.add(step);
      if (live) timer ??= setInterval(draw, REDRAW_MS);
      const slow = live
        ? undefined
        : setInterval(() => out.write(`  … ${title} (${seconds(step.begunAt).trim()}) ${step.detail}\n`), SLOW_MS);
      const leave = () => {
        clearInterval(slow);
        running.delete(step);
        if (running.size === 0) timer = void clearInterval(timer);
      };
      const finish = (/** @type {string} */ mark) => {
        leave();
        print(`  ${mark} ${title.padEnd(TITLE_WIDTH)} ${seconds(step.begunAt)}${outcome ? `  ${outcome}` : ''}`);
      };
      try {
        const result = await work({
          progress: (line) => {
            step.detail = line.trim();
          },
          outcome: (text) => {
            outcome = text;
          },
        });
        finish(paint('green', '✓'));
        return result;
      } catch (error) {
        if (error instanceof StepLeft) leave();
        else finish(paint('red', '✗'));
        throw error;
      }
    },
  };
}

/** @typedef {ReturnType<typeof createSteps>} Steps */

/** @param {number} begunAt */
function seconds(begunAt) {
  return `${((Date.now() - begunAt) / 1000).toFixed(1)} s`.padStart(8);
}
