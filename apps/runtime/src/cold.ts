/**
 * A module of the second bundle, `main.cold.js`: what few requests need stays out of the memory and the start of every runtime.
 * The names are those of `coldModules` in image/bundle.mjs.
 */
export function cold<T>(name: string): T {
  return globalThis.__cold(name) as T;
}

declare global {
  /** Set by image/bundle.mjs in the bundle's first lines. */
  var __cold: (name: string) => unknown;
}
