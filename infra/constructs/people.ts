import { ArnFormat, Aws, Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  type CfnUserPool,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  type UserPoolDomain,
  UserPoolEmail,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { configOf, resourceName } from '../stacks/stage-stack.ts';

/** The function that Cognito asks before it signs tokens; it is in the stack of the dashboard's API. */
export const TOKEN_CLAIMS_FUNCTION = 'add-token-claims';

/**
 * The people of the organisations, as far as passwords and second factors go. Who may do what is not here but in the
 * table of members: anybody may sign up, and gets in nowhere until an owner has invited their address.
 */
export class People extends Construct {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;
  private readonly domain: UserPoolDomain;

  constructor(scope: Construct, id: string, { removalPolicy }: { removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const config = configOf(this);
    this.userPool = new UserPool(this, 'UserPool', {
      userPoolName: resourceName(config, 'people'),
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      // The address is who somebody is: a new one holds only when it is verified.
      keepOriginal: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      // Where it is a choice, nobody is ever asked: the pages of Cognito offer it at sign-in only when it is required.
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      // Cognito's own sends 50 mails a day, which anybody can use up by signing up.
      ...(config.signInMail && { email: UserPoolEmail.withSES(config.signInMail) }),
      // The plan with claims in access tokens.
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: config.data.deletionProtection,
      removalPolicy,
    });
    this.addTokenClaims();
    this.client = this.userPool.addClient('Dashboard', {
      userPoolClientName: resourceName(config, 'dashboard'),
      // A browser keeps no secret: the code is bound to who asked for it by PKCE.
      generateSecret: false,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [`${config.siteUrl}/app/callback`],
        logoutUrls: [`${config.siteUrl}/app`],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(7),
    });
    this.domain = this.userPool.addDomain('Domain', {
      // One for all accounts of the region.
      cognitoDomain: { domainPrefix: `${resourceName(config, 'people')}-${Aws.ACCOUNT_ID}` },
    });
    for (const kept of [this.client, this.domain]) kept.applyRemovalPolicy(removalPolicy);
    this.acknowledgeFindings();
  }

  /** The `iss` of the tokens. */
  get issuer(): string {
    return this.userPool.userPoolProviderUrl;
  }

  get jwksUrl(): string {
    return `${this.issuer}/.well-known/jwks.json`;
  }

  /** Where people sign in. */
  get signInUrl(): string {
    return this.domain.baseUrl();
  }

  /** By its name: its stack depends on this one, for the tables. */
  private addTokenClaims(): void {
    const lambdaArn = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: resourceName(configOf(this), TOKEN_CLAIMS_FUNCTION),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const resource = this.userPool.node.defaultChild as CfnUserPool;
    // Version 2 writes into access tokens, too.
    resource.lambdaConfig = { preTokenGenerationConfig: { lambdaArn, lambdaVersion: 'V2_0' } };
  }

  private acknowledgeFindings(): void {
    Validations.of(this.userPool).acknowledge(
      {
        id: 'AwsSolutions-COG3',
        reason:
          'Threat protection comes with the Plus plan, by the person and month; passwords known as leaked are few behind it.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason: 'The Plus plan is for pools of consumers: these are the staff of our tenants.',
      },
    );
  }
}
