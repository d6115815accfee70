import '@fontsource-variable/inter/wght.css';
import './appearance/tokens.css';
import './appearance/base.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router';
import { Speaking } from './i18n/i18n';
import { session } from './session/session';
import { Toasts } from './ui/toast';

// a newer version was installed while this page was open, and its old parts are gone; without a connection they only
// cannot be had now, and what is fetched ahead is not wanted yet
addEventListener('vite:preloadError', (event) => {
  void fetch('/', { method: 'HEAD' }).then(
    () => event.defaultPrevented || location.reload(),
    () => undefined,
  );
});

void session.resume();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Suspense>
      <Speaking>
        <RouterProvider router={router} />
        <Toasts />
      </Speaking>
    </Suspense>
  </StrictMode>,
);
