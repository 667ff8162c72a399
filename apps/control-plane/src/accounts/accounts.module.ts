import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { MongooseModule } from '@nestjs/mongoose';
import { OrgsModule } from '../orgs/orgs.module';
import { accessTokenSchema } from './access-token.schema';
import { AccessTokensController } from './access-tokens.controller';
import { AccessTokensRepository } from './access-tokens.repository';
import { accountSchema } from './account.schema';
import { AccountsController } from './accounts.controller';
import { AccountsRepository } from './accounts.repository';
import { AttemptsRepository } from './attempts/attempts.repository';
import { attemptsSchema } from './attempts/attempts.schema';
import { SignInLimits } from './attempts/sign-in-limits';
import { AccessTokenReader } from './authentication/access-token-reader';
import { IdentityGuard } from './authentication/identity.guard';
import { SessionKeeper } from './authentication/session-keeper';
import { SetupToken } from './authentication/setup-token';
import { invitationSchema } from './invitation.schema';
import { InvitationsController } from './invitations.controller';
import { InvitationsRepository } from './invitations.repository';
import { PasswordHasher } from './passwords/password-hasher';
import { sessionSchema } from './session.schema';
import { SessionsController } from './sessions.controller';
import { SessionsRepository } from './sessions.repository';
import { ChangePassword } from './use-cases/change-password';
import { CheckCredentials } from './use-cases/check-credentials';
import { CreateAccessToken } from './use-cases/create-access-token';
import { CreateInvitation } from './use-cases/create-invitation';
import { GetAccount } from './use-cases/get-account';
import { ResetPassword } from './use-cases/reset-password';
import { SignUp } from './use-cases/sign-up';

const repositories = [AccountsRepository, SessionsRepository, AccessTokensRepository, InvitationsRepository, AttemptsRepository];
const useCases = [SignUp, CheckCredentials, GetAccount, ChangePassword, ResetPassword, CreateAccessToken, CreateInvitation];

@Module({
  imports: [
    OrgsModule,
    MongooseModule.forFeature([
      { name: 'Account', schema: accountSchema },
      { name: 'Session', schema: sessionSchema },
      { name: 'AccessToken', schema: accessTokenSchema },
      { name: 'Invitation', schema: invitationSchema },
      { name: 'Attempts', schema: attemptsSchema },
    ]),
  ],
  controllers: [AccountsController, SessionsController, AccessTokensController, InvitationsController],
  providers: [
    ...repositories,
    ...useCases,
    SignInLimits,
    PasswordHasher,
    SetupToken,
    SessionKeeper,
    AccessTokenReader,
    { provide: APP_GUARD, useClass: IdentityGuard },
  ],
})
export class AccountsModule {}
