import { lazyRouteComponent } from '@tanstack/react-router';

const pauses = [300, 900];

/** A page that is loaded when it is opened, again when its file was cut on the way. */
export function lazyPage<T extends Record<string, unknown>, K extends keyof T & string>(importer: () => Promise<T>, name: K) {
  return lazyRouteComponent(() => again(importer, pauses), name);
}

async function again<T>(importer: () => Promise<T>, [pause, ...later]: number[]): Promise<T> {
  try {
    return await importer();
  } catch (error) {
    if (pause === undefined) throw error;
    await new Promise((resolve) => setTimeout(resolve, pause));
    return again(importer, later);
  }
}
