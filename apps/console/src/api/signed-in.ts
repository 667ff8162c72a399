const key = 'berth-signed-in';

/**
 * The session is a cookie no script can read. This remembers that there should be one, so that a stranger's first page asks nothing
 * that is bound to be refused. It proves nothing; the API decides.
 */
export function expectSession(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true;
  }
}

export function rememberSession(there: boolean): void {
  try {
    if (there) localStorage.setItem(key, '1');
    else localStorage.removeItem(key);
  } catch {
    // Without storage every page asks the API.
  }
}
