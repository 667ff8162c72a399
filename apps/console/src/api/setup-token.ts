let token = '';

/** Takes the token out of `/#setup=<token>`: it must stay neither in the address bar nor in the history. */
export function takeSetupToken(): void {
  const found = /[#&]setup=([^&]+)/.exec(window.location.hash);
  if (!found?.[1]) return;
  token = decodeURIComponent(found[1]);
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
}

export const setupToken = () => token;
