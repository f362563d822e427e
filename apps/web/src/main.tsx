import './design/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApi, loadAppConfig } from '#api/client.ts';
import { createUrlSigner } from '#api/urlSigner.ts';
import { createI18n } from '#i18n/createI18n.ts';
import { App } from './app/App.tsx';
import { BootFailure } from './app/errors/BootFailure.tsx';
import { spokenLanguage } from './app/preferences/preferences.ts';
import { createPreferencesStore } from './app/preferences/store.ts';
import { createQueryClient } from './app/queryClient.ts';
import { createAppRouter } from './app/router.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const view = createRoot(root);

async function start(): Promise<void> {
  const preferences = createPreferencesStore(browserStorage());
  const [i18n, config] = await Promise.all([
    createI18n(spokenLanguage(preferences.get().language, navigator.languages)),
    loadAppConfig(),
  ]);
  const api = createApi(config);
  const queryClient = createQueryClient();
  const router = createAppRouter({ api, queryClient });
  view.render(
    <StrictMode>
      <App
        i18n={i18n}
        preferences={preferences}
        queryClient={queryClient}
        router={router}
        server={{ api, config, urls: createUrlSigner(api) }}
      />
    </StrictMode>,
  );
}

/** Null where the browser forbids storage: the app then forgets, and works. */
function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

start().catch((reason: unknown) => view.render(<BootFailure reason={reason} />));
