import type { AccessToken } from '@berth/client/schema';
import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { revokeToken, tokensQuery } from '../../api/accounts';
import { announce } from '../../components/announce';
import { Confirm } from '../../components/confirm';
import { EmptyState } from '../../components/empty-state';
import classes from '../../components/list.module.css';
import { ListSkeleton } from '../../components/list-skeleton';
import { MoreButton } from '../../components/more-button';
import { Panel } from '../../components/panel';
import { ProblemNotice } from '../../components/problem-notice';
import { RelativeTime } from '../../components/relative-time';
import { NewTokenDialog } from './new-token-dialog';

export function TokensPage() {
  const query = useInfiniteQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<AccessToken | null>(null);
  const tokens = query.data?.pages.flatMap((page) => page.items) ?? [];
  const make = (
    <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={() => setMaking(true)}>
      New token
    </Button>
  );
  return (
    <>
      {query.isSuccess && tokens.length === 0 ? (
        <EmptyState icon={<IconKey size={22} stroke={1.7} />} title="No access tokens" action={make}>
          The command line and your CI sign in with a token instead of your password.
        </EmptyState>
      ) : (
        <Panel title="Access tokens" lead="For the command line and CI. Each can be taken back at any time." flush actions={make}>
          {query.isPending && <ListSkeleton rows={2} flush />}
          <ProblemNotice error={query.error} onRetry={() => query.refetch()} />
          <ul className={classes.flush} aria-label="Access tokens">
            {tokens.map((token) => (
              <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
            ))}
          </ul>
          <MoreButton pages={query} />
        </Panel>
      )}
      {making && <NewTokenDialog onClose={() => setMaking(false)} />}
      {revoking && <RevokeDialog token={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function TokenRow({ token, onRevoke }: { token: AccessToken; onRevoke: () => void }) {
  const ended = token.expiresAt !== null && Date.parse(token.expiresAt) < Date.now();
  return (
    <li className={classes.row}>
      <div className={classes.main}>
        <span className={classes.title}>{token.name}</span>
        <div className={classes.detail}>
          <code>{token.prefix}…</code> · {token.scopes.join(', ')}
        </div>
        <div className={classes.detail}>
          {token.lastUsedAt ? (
            <>
              Used <RelativeTime at={token.lastUsedAt} />
            </>
          ) : (
            'Never used'
          )}
          {' · '}
          {token.expiresAt ? (
            <>
              {ended ? 'ended' : 'ends'} <RelativeTime at={token.expiresAt} />
            </>
          ) : (
            'does not end'
          )}
        </div>
      </div>
      <div className={classes.actions}>
        <Button variant="default" size="xs" onClick={onRevoke} aria-label={`Revoke ${token.name}`}>
          Revoke
        </Button>
      </div>
    </li>
  );
}

function RevokeDialog({ token, onClose }: { token: AccessToken; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSuccess: async () => {
      onClose();
      announce(`The token ${token.name} is revoked.`);
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Revoke ${token.name}?`}
      confirmLabel="Revoke token"
      onConfirm={() => revoke.mutate()}
      busy={revoke.isPending}
      error={revoke.error}
    >
      Whatever uses it is refused from now on. This cannot be undone.
    </Confirm>
  );
}
