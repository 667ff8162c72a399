import type * as GraphQL from 'graphql';
import { cold } from '../cold';
import { type Effect, gravest, grows } from './classify-request';

const sessionFields = new Set(['logIn', 'logInWith', 'logOut', 'resetPassword', 'confirmResetPassword', 'sendVerificationEmail']);
/** Fields that try a password. */
export const logInFields: ReadonlySet<string> = new Set(['logIn', 'logInWith', 'resetPassword']);

export interface GraphQLEffect {
  effect: Effect;
  /** Names of the mutations that it runs, aliases resolved. */
  mutations: string[];
}

/** What a GraphQL request would do. One that cannot be read does nothing: the GraphQL server itself refuses it. */
export function classifyGraphQL(body: unknown): GraphQLEffect {
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string') return { effect: 'read', mutations: [] };
  const mutations = mutationsOf(query, typeof operationName === 'string' ? operationName : undefined);
  return { effect: gravest(mutations.map((name) => effectOf(name, query, variables))), mutations };
}

function effectOf(name: string, query: string, variables: unknown): Effect {
  if (sessionFields.has(name)) return 'session';
  if (name === 'callCloudCode') return 'code';
  if (name.startsWith('delete')) return 'delete';
  if (name.startsWith('update')) return grows({ query, variables }) ? 'grow' : 'update';
  return 'grow';
}

function mutationsOf(query: string, operationName: string | undefined): string[] {
  const { parse } = cold<typeof GraphQL>('graphql');
  let definitions: readonly GraphQL.DefinitionNode[];
  try {
    definitions = parse(query, { maxTokens: 20_000 }).definitions;
  } catch {
    return [];
  }
  const fragments = new Map<string, GraphQL.FragmentDefinitionNode>();
  for (const each of definitions) if (each.kind === 'FragmentDefinition') fragments.set(each.name.value, each);
  const names: string[] = [];
  for (const each of definitions) {
    if (each.kind !== 'OperationDefinition' || each.operation !== 'mutation') continue;
    if (operationName !== undefined && each.name?.value !== operationName) continue;
    collect(each.selectionSet, fragments, names, new Set());
  }
  return names;
}

function collect(
  set: GraphQL.SelectionSetNode,
  fragments: ReadonlyMap<string, GraphQL.FragmentDefinitionNode>,
  names: string[],
  seen: Set<string>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === 'Field') names.push(selection.name.value);
    else if (selection.kind === 'InlineFragment') collect(selection.selectionSet, fragments, names, seen);
    else if (!seen.has(selection.name.value)) {
      seen.add(selection.name.value);
      const fragment = fragments.get(selection.name.value);
      if (fragment) collect(fragment.selectionSet, fragments, names, seen);
    }
  }
}
