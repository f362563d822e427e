/**
 * The one screen that stands without translations, styles of a language or a server: it is shown when the app could not
 * even read its settings. Both languages at once.
 */
export function BootFailure({ reason }: { reason: unknown }) {
  return (
    <main className="flex h-full flex-col items-center justify-center gap-3 p-6 text-center">
      <h1 className="text-16 font-strong">The server does not answer</h1>
      <p className="max-w-96 text-ink-2">Check that it is running and that you are connected, then try again.</p>
      <p className="max-w-96 text-ink-2" lang="ar" dir="rtl">
        الخادم لا يستجيب. تأكد من أنه يعمل ومن اتصالك، ثم أعد المحاولة.
      </p>
      <p className="max-w-120 text-12 text-ink-3">{reason instanceof Error ? reason.message : String(reason)}</p>
      <button
        type="button"
        className="h-8 rounded-control bg-accent px-3 font-medium text-on-accent hover:bg-accent-hover"
        onClick={() => window.location.reload()}
      >
        Try again
      </button>
    </main>
  );
}
