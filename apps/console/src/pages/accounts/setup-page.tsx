import { setupToken } from '../../api/setup-token';
import { Entrance } from '../../components/entrance';
import { AccountForm } from './account-form';

export function SetupPage() {
  const token = setupToken();
  return (
    <Entrance title="Set up Berth" lead="The first account runs this installation: it becomes the operator.">
      <AccountForm
        submitLabel="Make the operator account"
        code={{
          field: 'setupToken',
          label: 'Setup token',
          initial: token,
          description: token ? (
            'Filled from the link you opened.'
          ) : (
            <>
              Printed when Berth starts, and kept in <code>secrets/setup-token</code> of its data folder.
            </>
          ),
        }}
      />
    </Entrance>
  );
}
