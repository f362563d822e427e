import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { i18n } from 'i18next';
import { Direction } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { ApiContext, type ApiContextValue } from '#api/context.ts';
import { Toaster } from '#design/Toaster.tsx';
import { TooltipProvider } from '#design/Tooltip.tsx';
import { createToastStore } from '#design/toasts.ts';
import { ToastContext } from '#design/useNotify.ts';
import { createClock } from './clock/clock.ts';
import { ClockContext } from './clock/useNow.ts';
import { createCommandRegistry } from './commands/registry.ts';
import { CommandContext } from './commands/useCommands.ts';
import type { PreferencesStore } from './preferences/store.ts';
import { useAppearance } from './preferences/useAppearance.ts';
import { PreferencesContext } from './preferences/usePreferences.ts';
import { createConnectionStore } from './realtime/connection.ts';
import { ConnectionContext } from './realtime/useConnection.ts';
import type { AppRouter } from './router.tsx';

const CLOCK_MS = 20_000;

/** Everything that all screens share, outermost first. */
export function App(props: {
  i18n: i18n;
  preferences: PreferencesStore;
  queryClient: QueryClient;
  router: AppRouter;
  server: ApiContextValue;
}) {
  const [clock] = useState(() => createClock(CLOCK_MS));
  const [commands] = useState(createCommandRegistry);
  const [connection] = useState(createConnectionStore);
  const [toasts] = useState(createToastStore);
  return (
    <I18nextProvider i18n={props.i18n}>
      <ApiContext value={props.server}>
        <QueryClientProvider client={props.queryClient}>
          <PreferencesContext value={props.preferences}>
            <ClockContext value={clock}>
              <CommandContext value={commands}>
                <ConnectionContext value={connection}>
                  <ToastContext value={toasts}>
                    <Directed>
                      <RouterProvider router={props.router} />
                    </Directed>
                  </ToastContext>
                </ConnectionContext>
              </CommandContext>
            </ClockContext>
          </PreferencesContext>
        </QueryClientProvider>
      </ApiContext>
    </I18nextProvider>
  );
}

function Directed({ children }: { children: ReactNode }) {
  const { dir } = useAppearance();
  return (
    <Direction.Provider dir={dir}>
      <TooltipProvider>{children}</TooltipProvider>
      <Toaster />
    </Direction.Provider>
  );
}
