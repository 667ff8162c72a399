import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/mantine.css';
import './theme/global.css';
import { createQueryClient } from './api/query-client';
import { takeSetupToken } from './api/setup-token';
import { rememberSession } from './api/signed-in';
import { Announcements } from './components/announce';
import { AwayBanner } from './components/away-banner';
import { createConsoleRouter } from './router';
import { colorSchemeManager } from './theme/color-scheme';
import { cssVariables, theme } from './theme/theme';

takeSetupToken();

const queryClient = createQueryClient(() => {
  rememberSession(false);
  const here = router.state.location;
  if (here.pathname === '/sign-in') return;
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { to: here.href, expired: true }, replace: true });
});
const router = createConsoleRouter(queryClient);

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <AwayBanner />
        <RouterProvider router={router} />
        <Announcements />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
