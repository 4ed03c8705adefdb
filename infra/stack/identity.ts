import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  type CfnUserPool,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  PasskeyUserVerification,
  UserPool,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { acknowledge } from './nag.ts';
import { signInPrefix } from './names.ts';

const mfa = { off: Mfa.OFF, optional: Mfa.OPTIONAL, required: Mfa.REQUIRED } as const;

export interface IdentityProps {
  customer: Customer;
}

/**
 * Who may sign in: a Cognito user pool with managed login, passkeys or passwords. To the rest of the stack it
 * is an OIDC issuer and nothing more.
 */
export class Identity extends Construct {
  readonly userPool: UserPool;
  /** The OIDC issuer, as in the tokens' `iss`. */
  readonly issuer: string;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    const { customer } = props;
    this.userPool = userPool(this, customer);
    const { region, urlSuffix } = Stack.of(this);
    this.issuer = `https://cognito-idp.${region}.${urlSuffix}/${this.userPool.userPoolId}`;
    this.userPool.addDomain('SignIn', {
      cognitoDomain: { domainPrefix: signInPrefix(customer) },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
  }

  /**
   * Registers the app: a public client, the authorisation code grant with PKCE, refresh tokens that rotate.
   * @param origin of the app, to which sign-in returns
   */
  addApp(origin: string): { clientId: string; scope: string } {
    const client = this.userPool.addClient('App', {
      generateSecret: false,
      authFlows: { user: true },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [`${origin}/signed-in`],
        logoutUrls: [`${origin}/`],
      },
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(90),
      // A phone that lost the answer may ask once more.
      refreshTokenRotationGracePeriod: Duration.seconds(60),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
    new CfnManagedLoginBranding(this, 'SignInPages', {
      userPoolId: this.userPool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    // Cognito knows no offline_access: it gives a refresh token with every code.
    return { clientId: client.userPoolClientId, scope: 'openid email' };
  }
}

function userPool(scope: Construct, customer: Customer): UserPool {
  const { users } = customer;
  const pool = new UserPool(scope, 'UserPool', {
    userPoolName: `mailferry-${customer.id}`,
    featurePlan: FeaturePlan.ESSENTIALS,
    selfSignUpEnabled: users.signUp === 'open',
    signInAliases: { email: true },
    autoVerify: { email: true },
    keepOriginal: { email: true },
    standardAttributes: { email: { required: true, mutable: true } },
    signInPolicy: { allowedFirstAuthFactors: { password: true, passkey: true } },
    passkeyUserVerification: PasskeyUserVerification.REQUIRED,
    passwordPolicy: {
      minLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(7),
    },
    mfa: mfa[users.mfa],
    ...(users.mfa === 'off' ? {} : { mfaSecondFactor: { otp: true, sms: false } }),
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  if (users.mfa === 'required') countPasskeyAsTwoFactors(pool);
  acknowledgeUserPool(pool, customer);
  return pool;
}

/** Where a second factor is required, Cognito accepts a passkey only as both: the device and its owner's check. */
function countPasskeyAsTwoFactors(pool: UserPool): void {
  const resource = pool.node.defaultChild as CfnUserPool;
  resource.webAuthnFactorConfiguration = 'MULTI_FACTOR_WITH_USER_VERIFICATION';
}

function acknowledgeUserPool(pool: UserPool, { users }: Customer): void {
  acknowledge(pool, {
    'AwsSolutions-COG8':
      'Plus adds threat protection at three times the price; Essentials has passkeys and MFA.',
  });
  if (users.mfa !== 'required') {
    acknowledge(pool, {
      'AwsSolutions-COG2':
        'The customer chose it; a passkey, the offered way to sign in, is two factors by itself.',
    });
  }
}
