import type { App } from '@berth/client/schema';
import { createContext, useContext } from 'react';

export const AppContext = createContext<App | null>(null);

/** The app whose pages these are. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('useApp is used outside of an app’s pages');
  return app;
}
