import { localStorageColorSchemeManager } from '@mantine/core';

/** The same key as in `public/start.js`, which sets the scheme before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'berth-color-scheme' });
