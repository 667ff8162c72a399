/** What an app's first request needs. */
export interface AppAccess {
  serverUrl: string;
  pathUrl: string;
  applicationId: string;
  javascriptKey: string;
  restApiKey: string;
}

/** A line that saves an object, ready to be pasted into a shell. */
export function curlLine({ serverUrl, applicationId, restApiKey }: AppAccess): string {
  const headers = [
    `X-Parse-Application-Id: ${applicationId}`,
    `X-Parse-REST-API-Key: ${restApiKey}`,
    'Content-Type: application/json',
  ];
  const words = headers.map((header) => `-H ${shellQuoted(header)}`).join(' ');
  return `curl -X POST ${words} -d '{"text":"hello"}' ${shellQuoted(`${serverUrl}/classes/Note`)}`;
}

/** The same with the JavaScript SDK. */
export function sdkSnippet({ serverUrl, applicationId, javascriptKey }: AppAccess): string {
  return [
    "import Parse from 'parse/node.js';",
    '',
    `Parse.initialize(${JSON.stringify(applicationId)}, ${JSON.stringify(javascriptKey)});`,
    `Parse.serverURL = ${JSON.stringify(serverUrl)};`,
    "await new Parse.Object('Note').save({ text: 'hello' });",
  ].join('\n');
}

export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
