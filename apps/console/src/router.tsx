import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  redirect,
} from '@tanstack/react-router';
import { accountQuery, setupQuery } from './api/accounts';
import { appQuery, appsQuery } from './api/apps';
import { ApiProblem } from './api/problem';
import { expectSession, rememberSession } from './api/signed-in';
import { Shell } from './components/shell';
import { lazyPage } from './lazy-page';
import { ErrorPage } from './pages/error-page';
import { NotFoundPage } from './pages/not-found-page';
import { PendingPage } from './pages/pending-page';

/** Where there is no shell around the page. */
const ErrorOfAll = (props: ErrorComponentProps) => (
  <main>
    <ErrorPage {...props} />
  </main>
);

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: () => (
    <main>
      <NotFoundPage />
    </main>
  ),
  errorComponent: ErrorOfAll,
  beforeLoad: async ({ context, location }) => {
    const setup = await context.queryClient.ensureQueryData(setupQuery);
    if (setup.needsSetup !== (location.pathname === '/setup'))
      throw redirect({ to: setup.needsSetup ? '/setup' : '/', replace: true });
  },
});

const entrance = { getParentRoute: () => root };

const setup = createRoute({
  ...entrance,
  path: '/setup',
  component: lazyPage(() => import('./pages/accounts/setup-page'), 'SetupPage'),
});

const signIn = createRoute({
  ...entrance,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; expired?: true } => ({
    to: ownPath(search.to),
    expired: search.expired === true || undefined,
  }),
  beforeLoad: ({ context, search }) => {
    if (context.queryClient.getQueryData(accountQuery.queryKey)) throw redirect({ to: search.to ?? '/apps', replace: true });
  },
  component: lazyPage(() => import('./pages/accounts/sign-in-page'), 'SignInPage'),
});

const signUp = createRoute({
  ...entrance,
  path: '/sign-up',
  validateSearch: (search: Record<string, unknown>): { invitation?: string } => ({
    invitation: typeof search.invitation === 'string' ? search.invitation : undefined,
  }),
  component: lazyPage(() => import('./pages/accounts/sign-up-page'), 'SignUpPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Shell,
  errorComponent: ErrorOfAll,
  beforeLoad: async ({ context, location }) => {
    const toSignIn = () => redirect({ to: '/sign-in', search: { to: location.href === '/apps' ? undefined : location.href } });
    if (!expectSession()) throw toSignIn();
    try {
      await context.queryClient.ensureQueryData(accountQuery);
      rememberSession(true);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) throw toSignIn();
      throw error;
    }
  },
});

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/apps', replace: true });
  },
});

const inside = { getParentRoute: () => signedIn };

const apps = createRoute({
  ...inside,
  path: '/apps',
  loader: ({ context }) => void context.queryClient.prefetchInfiniteQuery(appsQuery('active')),
  component: lazyPage(() => import('./pages/apps/apps-page'), 'AppsPage'),
});

const createAppRoute = createRoute({
  ...inside,
  path: '/apps/new',
  validateSearch: (search: Record<string, unknown>): { app?: string; operation?: string } => ({
    app: typeof search.app === 'string' ? search.app : undefined,
    operation: typeof search.operation === 'string' ? search.operation : undefined,
  }),
  component: lazyPage(() => import('./pages/apps/create-app-page'), 'CreateAppPage'),
});

const trash = createRoute({
  ...inside,
  path: '/trash',
  loader: ({ context }) => void context.queryClient.prefetchInfiniteQuery(appsQuery('trashed')),
  component: lazyPage(() => import('./pages/apps/trash-page'), 'TrashPage'),
});

const app = createRoute({
  ...inside,
  path: '/apps/$app',
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(appQuery(params.app)),
  component: lazyPage(() => import('./pages/apps/app-layout'), 'AppLayout'),
});

const ofApp = { getParentRoute: () => app };

const appOverview = createRoute({
  ...ofApp,
  path: '/',
  component: lazyPage(() => import('./pages/apps/overview-page'), 'OverviewPage'),
});
const appConnect = createRoute({
  ...ofApp,
  path: '/connect',
  component: lazyPage(() => import('./pages/apps/connect-page'), 'ConnectPage'),
});
const appKeys = createRoute({
  ...ofApp,
  path: '/keys',
  component: lazyPage(() => import('./pages/apps/keys-page'), 'KeysPage'),
});
const appSettings = createRoute({
  ...ofApp,
  path: '/settings',
  component: lazyPage(() => import('./pages/apps/settings-page'), 'SettingsPage'),
});

const account = createRoute({
  ...inside,
  path: '/account',
  component: lazyPage(() => import('./pages/accounts/account-layout'), 'AccountLayout'),
});
const ofAccount = { getParentRoute: () => account };
const profile = createRoute({
  ...ofAccount,
  path: '/',
  component: lazyPage(() => import('./pages/accounts/profile-page'), 'ProfilePage'),
});
const sessions = createRoute({
  ...ofAccount,
  path: '/sessions',
  component: lazyPage(() => import('./pages/accounts/sessions-page'), 'SessionsPage'),
});
const tokens = createRoute({
  ...ofAccount,
  path: '/tokens',
  component: lazyPage(() => import('./pages/accounts/tokens-page'), 'TokensPage'),
});

const routeTree = root.addChildren([
  index,
  setup,
  signIn,
  signUp,
  signedIn.addChildren([
    apps,
    createAppRoute,
    trash,
    app.addChildren([appOverview, appConnect, appKeys, appSettings]),
    account.addChildren([profile, sessions, tokens]),
  ]),
]);

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 250,
    defaultPendingMinMs: 0,
    defaultPendingComponent: PendingPage,
    defaultErrorComponent: ErrorPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}

/** A path of this console, never another site. */
function ownPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;
}
