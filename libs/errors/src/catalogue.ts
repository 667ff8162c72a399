interface ErrorEntry {
  /** HTTP status. */
  status: number;
  /** What went wrong, for the person. `{name}` is filled from the error's details. */
  sentence: string;
  /** What to do next. */
  next: string;
}

const entries = {
  // Requests
  INPUT_INVALID: {
    status: 400,
    sentence: 'The request is not valid: {problems}.',
    next: 'Correct the named fields and send it again.',
  },
  JSON_MALFORMED: {
    status: 400,
    sentence: 'The body is not valid JSON.',
    next: 'Send a JSON object with Content-Type application/json.',
  },
  JSON_TOO_DEEP: { status: 400, sentence: 'The JSON is nested deeper than {limit} levels.', next: 'Send a flatter one.' },
  BODY_TOO_LARGE: { status: 413, sentence: 'The body is larger than {limit}.', next: 'Send a smaller one.' },
  URL_TOO_LONG: { status: 414, sentence: 'The address is longer than {limit} characters.', next: 'Send a shorter one.' },
  HEADERS_TOO_LARGE: { status: 431, sentence: 'The headers of the request are too large.', next: 'Send fewer or smaller ones.' },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    sentence: 'The body has a type that is not supported.',
    next: 'Send Content-Type application/json.',
  },
  ENDPOINT_NOT_FOUND: { status: 404, sentence: 'There is no {method} {path}.', next: 'See /openapi.json for what there is.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    sentence: 'This Idempotency-Key was sent before with another request.',
    next: 'Use a new key for each new request.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    sentence: 'The first request with this Idempotency-Key is still under way.',
    next: 'Wait a moment, then send it again.',
  },
  TOO_MANY_REQUESTS: { status: 429, sentence: 'Too many requests.', next: 'Wait {seconds} seconds, then try again.' },
  INTERNAL: {
    status: 500,
    sentence: 'Something went wrong on our side.',
    next: 'Try again; if it stays, give the operator request id {requestId}.',
  },
  UNAVAILABLE: { status: 503, sentence: '{part} does not answer right now.', next: 'Try again in a few seconds.' },

  // Accounts
  SIGN_IN_REQUIRED: { status: 401, sentence: 'This needs a signed-in account.', next: 'Sign in, or send a valid access token.' },
  CREDENTIALS_WRONG: { status: 401, sentence: 'Mail address or password is wrong.', next: 'Check both, or reset the password.' },
  SIGN_IN_LIMITED: { status: 429, sentence: 'Too many failed sign-ins.', next: 'Wait {seconds} seconds, then try again.' },
  ORIGIN_REFUSED: { status: 403, sentence: 'The request comes from another site.', next: 'Use the console at its own address.' },
  TOKEN_SCOPE_MISSING: { status: 403, sentence: 'The access token lacks the scope {scope}.', next: 'Make a token that has it.' },
  EMAIL_TAKEN: { status: 409, sentence: 'There is an account with this mail address.', next: 'Sign in, or use another address.' },
  PASSWORD_WEAK: {
    status: 400,
    sentence: 'The password is too weak: {problem}.',
    next: 'Choose a longer one that is not a common password.',
  },
  PASSWORD_WRONG: { status: 403, sentence: 'The current password is wrong.', next: 'Check it, or sign in again.' },
  SIGN_UP_CLOSED: { status: 403, sentence: 'New accounts cannot be made here.', next: 'Ask the operator.' },
  INVITATION_REQUIRED: { status: 403, sentence: 'Sign-up needs an invitation.', next: 'Ask the operator for one.' },
  INVITATION_INVALID: { status: 400, sentence: 'The invitation is not valid or was used.', next: 'Ask for a new one.' },
  SETUP_TOKEN_REQUIRED: {
    status: 403,
    sentence: 'The first account needs the setup token.',
    next: 'It is printed at the start and lies in BERTH_HOME/secrets/setup-token.',
  },
  SETUP_TOKEN_WRONG: {
    status: 403,
    sentence: 'The setup token is wrong.',
    next: 'Copy it from the start’s output or from BERTH_HOME/secrets/setup-token.',
  },
  SETUP_DONE: {
    status: 409,
    sentence: 'Somebody else has just made the first account.',
    next: 'Sign up again; the setup token is not needed any more.',
  },
  OPERATOR_ONLY: { status: 403, sentence: 'Only the operator may do this.', next: 'Ask the operator.' },
  ROLE_INSUFFICIENT: {
    status: 403,
    sentence: 'Your role in this organization ({role}) does not allow this.',
    next: 'Ask an owner or admin of the organization.',
  },

  // Organizations, apps, environments
  ORG_NOT_FOUND: { status: 404, sentence: 'There is no such organization.', next: 'List yours with GET /v1/orgs.' },
  APP_NOT_FOUND: { status: 404, sentence: 'There is no such app.', next: 'List yours with GET /v1/apps or `berth apps list`.' },
  ENVIRONMENT_NOT_FOUND: { status: 404, sentence: 'There is no such environment.', next: 'See the app’s environments.' },
  OPERATION_NOT_FOUND: { status: 404, sentence: 'There is no such operation.', next: 'Check its id.' },
  ACCOUNT_NOT_FOUND: { status: 404, sentence: 'There is no account with the mail address {email}.', next: 'Check the address.' },
  SESSION_NOT_FOUND: { status: 404, sentence: 'There is no such session.', next: 'List yours.' },
  TOKEN_NOT_FOUND: { status: 404, sentence: 'There is no such access token.', next: 'List yours.' },
  TOKEN_CAP_REACHED: {
    status: 403,
    sentence: 'You have {count} access tokens, the most that one account may have.',
    next: 'Revoke those you do not use.',
  },
  INVITATION_NOT_FOUND: { status: 404, sentence: 'There is no such invitation.', next: 'List them.' },
  SLUG_TAKEN: { status: 409, sentence: 'The address name “{slug}” is taken.', next: 'Choose another.' },
  SLUG_INVALID: {
    status: 400,
    sentence: 'The address name “{slug}” cannot be used: {problem}.',
    next: 'Use 3 to 40 lower-case letters, digits and single hyphens.',
  },
  APPLICATION_ID_TAKEN: { status: 409, sentence: 'Another environment has this application id.', next: 'Use another id.' },
  APP_CAP_REACHED: {
    status: 403,
    sentence: 'You have {count} apps, the most that one account may have here.',
    next: 'Delete and purge one, or ask the operator.',
  },
  APP_IN_TRASH: { status: 409, sentence: 'The app is in the trash.', next: 'Restore it first.' },
  APP_NOT_IN_TRASH: { status: 409, sentence: 'The app is not in the trash.', next: 'Delete it first.' },
  APP_NOT_MADE: {
    status: 409,
    sentence: 'The app could not be made, so there is nothing to change.',
    next: 'See the reason with GET /v1/apps/{app}, then create it again.',
  },
  APP_DELETING: { status: 409, sentence: 'The app is being removed for good.', next: 'Create a new one.' },
  APP_BUSY: { status: 409, sentence: 'Another operation on this app is under way.', next: 'Wait until it has ended.' },

  // Nodes and runtimes
  NODE_UNAVAILABLE: {
    status: 503,
    sentence: 'No machine takes new apps right now: {reason}',
    next: 'Try again later; the operator sees the reason in `berth doctor`.',
  },
  ENGINE_UNAVAILABLE: {
    status: 503,
    sentence: 'Docker does not answer.',
    next: 'Start the Docker Engine; Berth goes on by itself.',
  },
  IMAGE_MISSING: {
    status: 503,
    sentence: 'The runtime image {image} is not on this machine.',
    next: 'Run `npm start` again: it builds what is missing.',
  },
  DISK_FULL: { status: 507, sentence: 'The machine’s disk is full.', next: 'Make room; Berth goes on by itself.' },
  RUNTIME_BOOT_FAILED: {
    status: 502,
    sentence: 'The backend did not become ready: {reason}',
    next: 'Try again; the operator sees its log.',
  },
  RUNTIME_CONFIG_REFUSED: {
    status: 422,
    sentence: 'The backend refused the configuration: {reason}',
    next: 'Correct the setting.',
  },
  OPERATION_TIMED_OUT: {
    status: 504,
    sentence: 'It took longer than {seconds} seconds.',
    next: 'Try again; nothing half-made was left.',
  },
  OPERATION_INTERRUPTED: {
    status: 503,
    sentence: 'It was interrupted before it could begin.',
    next: 'Look at the app, then try again.',
  },

  // Answers of the gateway to an app's users
  HOST_UNKNOWN: { status: 404, sentence: 'There is no app at this address.', next: 'Check the address.' },
  APP_SUSPENDED: { status: 503, sentence: 'This app is suspended.', next: 'Its owner can see why in the console.' },
  APP_MAINTENANCE: { status: 503, sentence: 'This app is under maintenance.', next: 'Try again later.' },
  APP_STARTING: { status: 503, sentence: 'This app is starting.', next: 'Try again in a few seconds.' },
  APP_UNREACHABLE: { status: 503, sentence: 'This app does not answer right now.', next: 'Try again in a few seconds.' },
  APP_ANSWER_INVALID: { status: 502, sentence: 'This app broke off its answer.', next: 'Try again; its log says more.' },
  APP_ANSWER_LATE: {
    status: 504,
    sentence: 'This app took longer than {seconds} seconds to answer.',
    next: 'Do less in one request, or do it in a job.',
  },
  REQUEST_MALFORMED: { status: 400, sentence: 'This is not valid HTTP.', next: 'Correct the request line and the headers.' },
  REQUEST_LATE: { status: 408, sentence: 'The request did not arrive in time.', next: 'Send it without long pauses.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof entries;

export const catalogue: Readonly<Record<ErrorCode, ErrorEntry>> = entries;
