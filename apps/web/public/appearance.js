// Runs before the first paint. A file and not an inline script, so that a strict content security policy allows it.
// Reads what src/app/preferences/appearance.ts writes; keep the key and the shape the same.
(() => {
  const root = document.documentElement;
  let saved = {};
  try {
    saved = JSON.parse(localStorage.getItem('connectgain.appearance') ?? '{}');
  } catch {
    // Storage is blocked or holds something else: the defaults below are right.
  }
  const theme = saved.theme ?? 'system';
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const chosen = saved.language ?? 'system';
  const spoken = navigator.languages.map((tag) => tag.split('-')[0]).find((tag) => tag === 'en' || tag === 'ar');
  const language = chosen === 'system' ? (spoken ?? 'en') : chosen;
  root.dataset.theme = dark ? 'dark' : 'light';
  root.lang = language;
  root.dir = language === 'ar' ? 'rtl' : 'ltr';
})();
