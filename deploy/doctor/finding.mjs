// @ts-check

/**
 * What a look at one part gave. `warning`: it works, but less well than it could.
 * @typedef {{ part: string, state: 'ok' | 'warning' | 'wrong', found: string, mend?: string }} Finding
 */

/** @param {string} part @param {string} found @returns {Finding} */
export const ok = (part, found) => ({ part, state: 'ok', found });
/** @param {string} part @param {string} found @param {string} mend @returns {Finding} */
export const warning = (part, found, mend) => ({ part, state: 'warning', found, mend });
/** @param {string} part @param {string} found @param {string} mend @returns {Finding} */
export const wrong = (part, found, mend) => ({ part, state: 'wrong', found, mend });
