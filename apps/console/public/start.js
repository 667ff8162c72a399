// Runs before anything else; a file, because inline scripts are forbidden here.
(() => {
  // The scheme before the first paint, so that a dark console never flashes white.
  let scheme = 'auto';
  try {
    scheme = localStorage.getItem('berth-color-scheme') || 'auto';
  } catch {}
  if (scheme !== 'light' && scheme !== 'dark') scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
  document.documentElement.style.background = scheme === 'dark' ? '#10161b' : '#f6f8f9';

  // A script or style that was cut on its way leaves an empty page: load it again, a few times at most.
  const key = 'berth-start-again';
  addEventListener(
    'error',
    ({ target }) => {
      if (!(target instanceof HTMLScriptElement || target instanceof HTMLLinkElement)) return;
      const tries = Number(sessionStorage.getItem(key) ?? 0);
      if (tries >= 3) return;
      sessionStorage.setItem(key, String(tries + 1));
      setTimeout(() => location.reload(), 400 * (tries + 1));
    },
    true,
  );
  addEventListener('load', () => setTimeout(() => sessionStorage.removeItem(key), 5_000));
})();
