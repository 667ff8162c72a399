// Runs before the first paint, so that a dark console never flashes white. A file, because inline scripts are forbidden here.
(() => {
  let scheme = 'auto';
  try {
    scheme = localStorage.getItem('berth-color-scheme') || 'auto';
  } catch {}
  if (scheme !== 'light' && scheme !== 'dark') scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
  document.documentElement.style.background = scheme === 'dark' ? '#10161b' : '#f6f8f9';
})();
