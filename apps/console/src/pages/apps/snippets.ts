import type { Environment, Keys } from '@berth/client/schema';
import { dart, javascript, kotlin, shell, swift } from './quote';

export interface Snippet {
  id: string;
  title: string;
  note: string;
  code: string;
}

type SnippetKeys = Pick<Keys, 'applicationId' | 'javascriptKey' | 'restApiKey' | 'clientKey'>;

/** Keys as they are shown until one asks for them. */
export function hiddenKeys({ applicationId }: Environment): SnippetKeys {
  const hidden = '•'.repeat(12);
  return { applicationId, javascriptKey: hidden, restApiKey: hidden, clientKey: hidden };
}

/** Ready to paste, with this environment's own values. The first one needs no SDK. */
export function snippetsFor(environment: Environment, keys: SnippetKeys): Snippet[] {
  const { serverUrl, liveQueryUrl, graphqlUrl } = environment;
  return [
    {
      id: 'curl',
      title: 'curl',
      note: 'Stores an object, then reads all of its class.',
      code: `curl -X POST '${serverUrl}/classes/Note' \\
  -H ${shell(`X-Parse-Application-Id: ${keys.applicationId}`)} \\
  -H ${shell(`X-Parse-REST-API-Key: ${keys.restApiKey}`)} \\
  -H 'Content-Type: application/json' \\
  -d '{"text":"Hello from curl"}'

curl '${serverUrl}/classes/Note' \\
  -H ${shell(`X-Parse-Application-Id: ${keys.applicationId}`)} \\
  -H ${shell(`X-Parse-REST-API-Key: ${keys.restApiKey}`)}`,
    },
    {
      id: 'javascript',
      title: 'JavaScript',
      note: 'npm install parse. For Node; in a browser it is imported from “parse”.',
      code: `import Parse from 'parse/node';

Parse.initialize(${javascript(keys.applicationId)}, ${javascript(keys.javascriptKey)});
Parse.serverURL = '${serverUrl}';

const note = new Parse.Object('Note');
await note.save({ text: 'Hello from JavaScript' });

const notes = await new Parse.Query('Note').find();
console.log(notes.map((found) => found.get('text')));`,
    },
    {
      id: 'live-query',
      title: 'LiveQuery',
      note: 'Tells of objects as they change, over a WebSocket. Leave it running and store a note.',
      code: `import Parse from 'parse/node';

Parse.initialize(${javascript(keys.applicationId)}, ${javascript(keys.javascriptKey)});
Parse.serverURL = '${serverUrl}';
Parse.liveQueryServerURL = '${liveQueryUrl}';

const subscription = await new Parse.Query('Note').subscribe();
subscription.on('create', (note) => console.log('new:', note.get('text')));
subscription.on('update', (note) => console.log('changed:', note.get('text')));`,
    },
    {
      id: 'graphql',
      title: 'GraphQL',
      note: 'Every class has queries and mutations of its own as soon as it exists.',
      code: `curl -X POST '${graphqlUrl}' \\
  -H ${shell(`X-Parse-Application-Id: ${keys.applicationId}`)} \\
  -H ${shell(`X-Parse-REST-API-Key: ${keys.restApiKey}`)} \\
  -H 'Content-Type: application/json' \\
  -d '{"query":"query { users { count } }"}'`,
    },
    {
      id: 'react-native',
      title: 'React Native',
      note: 'npm install parse @react-native-async-storage/async-storage',
      code: `import AsyncStorage from '@react-native-async-storage/async-storage';
import Parse from 'parse/react-native.js';

Parse.setAsyncStorage(AsyncStorage);
Parse.initialize(${javascript(keys.applicationId)}, ${javascript(keys.javascriptKey)});
Parse.serverURL = '${serverUrl}';`,
    },
    {
      id: 'swift',
      title: 'Swift',
      note: 'Swift package github.com/parse-community/Parse-SDK-iOS-OSX, product ParseCore.',
      code: `import ParseCore

let configuration = ParseClientConfiguration {
  $0.applicationId = ${swift(keys.applicationId)}
  $0.clientKey = ${swift(keys.clientKey)}
  $0.server = "${serverUrl}/"
}
Parse.initialize(with: configuration)`,
    },
    {
      id: 'kotlin',
      title: 'Kotlin',
      note: 'com.github.parse-community.Parse-SDK-Android:parse, from jitpack.io.',
      code: `import com.parse.Parse

Parse.initialize(
  Parse.Configuration.Builder(this)
    .applicationId(${kotlin(keys.applicationId)})
    .clientKey(${kotlin(keys.clientKey)})
    .server("${serverUrl}/")
    .build()
)`,
    },
    {
      id: 'flutter',
      title: 'Flutter',
      note: 'flutter pub add parse_server_sdk_flutter',
      code: `import 'package:parse_server_sdk_flutter/parse_server_sdk_flutter.dart';

await Parse().initialize(
  ${dart(keys.applicationId)},
  '${serverUrl}',
  clientKey: ${dart(keys.clientKey)},
  liveQueryUrl: '${liveQueryUrl}',
  autoSendSessionId: true,
);`,
    },
  ];
}
