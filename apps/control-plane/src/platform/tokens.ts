/** Injection tokens of what has no class of its own. */
export const SETTINGS = Symbol('settings');
export const LOGGER = Symbol('logger');
export const HINTS = Symbol('hints');
