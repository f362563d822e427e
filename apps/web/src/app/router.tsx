import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { Api } from '#api/client.ts';
import { readContactsSearch } from '#features/contacts/contactsSearch.ts';
import { readInboxSearch } from '#features/inbox/filter/inboxFilter.ts';
import { readSandboxSearch } from '#features/sandbox/sandboxSearch.ts';
import { NotFound } from './errors/NotFound.tsx';
import { ScreenError } from './errors/ScreenError.tsx';
import { meQuery } from './session/meQuery.ts';
import { AppShell } from './shell/AppShell.tsx';
import { ShellSkeleton } from './shell/ShellSkeleton.tsx';

export interface RouterContext {
  api: Api;
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

/** Pages for people who have not signed in; someone who has goes on to work. */
const guestRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'guest',
  validateSearch: (raw: Record<string, unknown>): { next?: string | undefined } => ({
    // Only a path of this app: an address elsewhere would make the login page a trap.
    next: typeof raw.next === 'string' && /^\/(?!\/)/.test(raw.next) ? raw.next : undefined,
  }),
  beforeLoad: async ({ context, search }) => {
    const { data } = await context.api.auth.getSession();
    if (data.session !== null) throw redirect({ to: search.next ?? '/inbox' });
  },
});
const loginRoute = createRoute({
  getParentRoute: () => guestRoute,
  path: '/login',
  component: lazyRouteComponent(() => import('#features/auth/LoginPage.tsx'), 'LoginPage'),
});
const signUpRoute = createRoute({
  getParentRoute: () => guestRoute,
  path: '/signup',
  component: lazyRouteComponent(() => import('#features/auth/SignUpPage.tsx'), 'SignUpPage'),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    const { data } = await context.api.auth.getSession();
    if (data.session === null)
      throw redirect({ to: '/login', search: { next: location.href === '/' ? undefined : location.href } });
  },
  loader: async ({ context }) => context.queryClient.ensureQueryData(meQuery(context.api)),
  component: AppShell,
  pendingComponent: ShellSkeleton,
  pendingMs: 300,
  errorComponent: ScreenError,
  notFoundComponent: NotFound,
});
const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/{-$conversationId}' });
  },
});
const inboxRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/inbox/{-$conversationId}',
  validateSearch: readInboxSearch,
  component: lazyRouteComponent(() => import('#features/inbox/InboxPage.tsx'), 'InboxPage'),
  errorComponent: ScreenError,
});
const contactsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/contacts/{-$contactId}',
  validateSearch: readContactsSearch,
  component: lazyRouteComponent(() => import('#features/contacts/ContactsPage.tsx'), 'ContactsPage'),
  errorComponent: ScreenError,
});
const sandboxRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/sandbox/{-$phone}',
  validateSearch: readSandboxSearch,
  component: lazyRouteComponent(() => import('#features/sandbox/SandboxPage.tsx'), 'SandboxPage'),
  errorComponent: ScreenError,
});

const routeTree = rootRoute.addChildren([
  homeRoute,
  guestRoute.addChildren([loginRoute, signUpRoute]),
  appRoute.addChildren([inboxRoute, contactsRoute, sandboxRoute]),
]);

export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    context,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 300,
    scrollRestoration: false,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
