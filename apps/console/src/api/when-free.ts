import { toProblem } from './problem';

const every = 500;
const atMost = 60_000;

/**
 * Calls again while another operation on the app is under way, such as its stopping a moment after it was deleted: they take seconds, and
 * a person has already said what they want.
 * @throws ApiProblem the last APP_BUSY after a minute; any other at once
 */
export async function whenFree<T>(call: () => Promise<T>): Promise<T> {
  const until = Date.now() + atMost;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (toProblem(error).code !== 'APP_BUSY' || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, every));
    }
  }
}
