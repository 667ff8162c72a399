import type { Operation } from '@berth/client/schema';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, ask } from './client';

const pollEvery = 700;

const operationQuery = (id: string) =>
  queryOptions({
    queryKey: ['operation', id],
    queryFn: () => ask(api.GET('/v1/operations/{id}', { params: { path: { id } } })),
    enabled: id !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });

/** An operation as it goes: streamed, and polled where the stream is cut or never opens. */
export function useOperation(id: string | undefined, initial?: Operation) {
  const client = useQueryClient();
  const [streaming, setStreaming] = useState(true);
  const query = useQuery({
    ...operationQuery(id ?? ''),
    initialData: initial?.id === id ? initial : undefined,
    refetchInterval: ({ state }) => (streaming || state.data?.state !== 'running' ? false : pollEvery),
  });
  const ended = query.data !== undefined && query.data.state !== 'running';

  useEffect(() => {
    if (!id || ended) return;
    setStreaming(true);
    const source = new EventSource(`/v1/operations/${id}/events`);
    source.addEventListener('operation', (event) => {
      const operation = JSON.parse((event as MessageEvent<string>).data) as Operation;
      client.setQueryData(operationQuery(id).queryKey, operation);
      if (operation.state !== 'running') source.close();
    });
    source.onerror = () => {
      source.close();
      setStreaming(false);
    };
    return () => source.close();
  }, [id, ended, client]);

  return query;
}

/** Milliseconds from the request to the end, or to `now` while it runs. */
export function durationOf(operation: Operation, now = Date.now()): number {
  const end = operation.finishedAt ? Date.parse(operation.finishedAt) : now;
  return Math.max(0, end - Date.parse(operation.createdAt));
}

const stepTitles: Record<string, string> = {
  reserve: 'Reserve the name',
  place: 'Choose a machine',
  volume: 'Make the volume',
  container: 'Make the container',
  boot: 'Start database and server',
  configure: 'Set keys and settings',
  route: 'Open the address',
  stop: 'Stop the backend',
  start: 'Start the backend',
  unroute: 'Close the address',
  remove: 'Remove container and volume',
};

/** A step's name for people; unknown ones read well enough as they are. */
export function stepTitle(name: string): string {
  return stepTitles[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}
