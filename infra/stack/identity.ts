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
import type { AppConfig } from './publish-app.ts';

const mfa = { off: Mfa.OFF, optional: Mfa.OPTIONAL, required: Mfa.REQUIRED } as const;

export interface IdentityProps {
  /** Whose users they are: who may sign up, with which factors, or which issuer decides it. */
  customer: Customer;
}

/** How the app signs in, and whose tokens the API takes. */
export interface SignIn extends AppConfig {
  /** What `aud` of an access token, or `client_id` where it has none, may be. */
  audiences: string[];
}

/**
 * Who may sign in: a Cognito user pool with managed login, passkeys or passwords; or any other OIDC issuer that the
 * customer's file names. To the rest of the stack either is an issuer and nothing more.
 */
export class Identity extends Construct {
  /** Not there where the customer has an issuer of its own. */
  readonly userPool: UserPool | undefined;
  private readonly customer: Customer;

  constructor(scope: Construct, id: string, { customer }: IdentityProps) {
    super(scope, id);
    this.customer = customer;
    if (customer.users.issuer) return;
    this.userPool = userPool(this, customer);
    this.userPool.addDomain('SignIn', {
      cognitoDomain: { domainPrefix: signInPrefix(customer) },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
  }

  /**
   * Says how the app signs in. In a user pool it is registered here; at another issuer its operator does it.
   * @param origin of the app, to which sign-in returns
   */
  addApp(origin: string): SignIn {
    const { issuer } = this.customer.users;
    if (issuer) {
      const { url, clientId, audiences = [clientId], scope, resource } = issuer;
      return { issuer: url, clientId, audiences, scope, ...(resource ? { resource } : {}) };
    }
    if (!this.userPool) throw new Error('There is neither a user pool nor an issuer.');
    return registerApp(this, this.userPool, origin);
  }
}

/** The app as a public client: the authorisation code grant with PKCE, refresh tokens that rotate. */
function registerApp(scope: Construct, pool: UserPool, origin: string): SignIn {
  const { userPoolClientId: clientId } = pool.addClient('App', {
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
  new CfnManagedLoginBranding(scope, 'SignInPages', {
    userPoolId: pool.userPoolId,
    clientId,
    useCognitoProvidedValues: true,
  });
  const { region, urlSuffix } = Stack.of(scope);
  const issuer = `https://cognito-idp.${region}.${urlSuffix}/${pool.userPoolId}`;
  // Cognito knows no offline_access: it gives a refresh token with every code.
  return { issuer, clientId, audiences: [clientId], scope: 'openid email' };
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
