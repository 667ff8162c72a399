import { Anchor, Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { setupQuery } from '../../api/accounts';
import { Entrance } from '../../components/entrance';
import { AccountForm } from './account-form';

const route = getRouteApi('/sign-up');

export function SignUpPage() {
  const { data: setup } = useSuspenseQuery(setupQuery);
  const { invitation } = route.useSearch();
  const signInLink = (
    <>
      Have an account?{' '}
      <Anchor underline="always" component={Link} to="/sign-in">
        Sign in
      </Anchor>
    </>
  );

  if (setup.signUp === 'closed')
    return (
      <Entrance title="Sign-up is closed" footer={signInLink}>
        <Text>New accounts cannot be made here. Ask whoever runs this installation of Berth.</Text>
      </Entrance>
    );

  const byInvitation = setup.signUp === 'invitation' || invitation;
  return (
    <Entrance
      title="Create your account"
      lead={byInvitation ? 'You need an invitation of the operator.' : 'A backend of your own is a minute away.'}
      footer={signInLink}
    >
      <AccountForm
        submitLabel="Create account"
        code={
          byInvitation
            ? {
                field: 'invitation',
                label: 'Invitation',
                initial: invitation ?? '',
                description: invitation ? 'Filled from the link you opened.' : 'The code from your invitation.',
              }
            : undefined
        }
      />
    </Entrance>
  );
}
