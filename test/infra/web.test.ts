import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CACHE_IMMUTABLE, CACHE_REVALIDATE, SECURITY_HEADERS } from '../../infra/web-headers.ts';
import {
  bucketPolicy,
  customers,
  flatten,
  type Resource,
  resource,
  resources,
  synthesis,
} from './synthesis.ts';

const made = synthesis();
after(() => made.remove());

/** What the API and the app are told of the issuer, where it is not a user pool of the stack. */
const otherIssuers: Record<string, { issuer: string; audiences: string[]; connect: string[] }> = {
  'elm-school': {
    issuer: 'https://login.elm-school.example/realms/staff/',
    audiences: ['https://mail.elm-school.example', 'mailferry'],
    connect: ['https://login.elm-school.example', 'https://tokens.elm-school.example:8443'],
  },
};

for (const { id: customer } of customers) {
  const template = made.template(customer);
  const find = (type: string, prefix: string) => resource(template, type, prefix)[1].Properties;
  const other = otherIssuers[customer];

  describe(`what devices of ${customer} reach`, () => {
    it('answers no request without a token of its own users', () => {
      const routes = [...resources(template, 'AWS::ApiGatewayV2::Route').values()].map(
        route => route.Properties,
      );
      assert.deepEqual(routes.map(route => route.RouteKey).sort(), [
        'GET /.well-known/jmap',
        'GET /jmap/download/{proxy+}',
        'GET /jmap/eventsource',
        'HEAD /jmap/download/{proxy+}',
        'POST /jmap/api',
        'POST /jmap/upload/{proxy+}',
      ]);
      const [authorizerId, authorizer] = resource(template, 'AWS::ApiGatewayV2::Authorizer', 'DeviceApi');
      for (const route of routes) {
        assert.equal(route.AuthorizationType, 'JWT');
        assert.equal(flatten(route.AuthorizerId), `<${authorizerId}>`);
      }
      const { Issuer, Audience } = authorizer.Properties.JwtConfiguration;
      if (other) {
        assert.deepEqual({ Issuer, Audience }, { Issuer: other.issuer, Audience: other.audiences });
        return;
      }
      assert.match(
        flatten(Issuer),
        /^https:\/\/cognito-idp\.[a-z0-9-]+\.<AWS::URLSuffix>\/<IdentityUserPool[A-Z0-9]+>$/,
      );
      assert.deepEqual(Audience.map(flatten), [
        `<${resource(template, 'AWS::Cognito::UserPoolClient', '')[0]}>`,
      ]);
    });

    it('serves the app with a policy that runs its own scripts only', () => {
      const policy = cspOf('AppHeaders');
      assert.equal(policy.get('default-src'), "'none'");
      assert.equal(policy.get('script-src'), "'self' 'wasm-unsafe-eval'");
      assert.equal(policy.get('frame-ancestors'), "'none'");
      assert.equal(policy.get('require-trusted-types-for'), "'script'");
      assert.equal(policy.get('trusted-types'), 'dompurify mailferry');
      const bucket = find('AWS::S3::Bucket', 'MailStoreMailBucket').BucketName;
      const connect = policy.get('connect-src')?.split(' ') ?? [];
      assert.equal(connect[0], "'self'");
      assert.match(connect[1] ?? '', new RegExp(`^https://${bucket}\\.s3\\.[a-z0-9-]+\\.amazonaws\\.com$`));
      if (other) assert.deepEqual(connect.slice(2), other.connect);
      else {
        const domain = find('AWS::Cognito::UserPoolDomain', 'Identity').Domain;
        const [signIn = '', tokens = '', ...more] = connect.slice(2);
        assert.match(signIn, new RegExp(`^https://${domain}\\.auth\\.[a-z0-9-]+\\.amazoncognito\\.com$`));
        assert.match(tokens, /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com$/);
        assert.deepEqual(more, []);
      }
    });

    it('lets nothing that it answers to a download run', () => {
      assert.ok(cspOf('ApiHeaders').has('sandbox'));
    });

    it('caches nothing of the API, and tells it the host of the device', () => {
      const { CacheBehaviors, DefaultCacheBehavior } = distribution();
      const paths = CacheBehaviors.map((behaviour: { PathPattern: string }) => behaviour.PathPattern);
      assert.deepEqual(paths.sort(), ['/.well-known/jmap', '/jmap/*']);
      for (const behaviour of CacheBehaviors) {
        assert.equal(behaviour.CachePolicyId, '4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
        assert.equal(behaviour.ViewerProtocolPolicy, 'https-only');
        assert.match(flatten(behaviour.FunctionAssociations[0].FunctionARN), /^<WebAppApiRequest/);
      }
      assert.match(flatten(DefaultCacheBehavior.FunctionAssociations[0].FunctionARN), /^<WebAppAppRequest/);
      assert.equal(distribution().CustomErrorResponses, undefined);
    });

    it('lets CloudFront alone read the built app', () => {
      const policy = bucketPolicy(template, resource(template, 'AWS::S3::Bucket', 'WebAppBucket')[0]);
      const readers = policy.filter(
        ({ Effect, Action }) => Effect === 'Allow' && Action.includes('s3:GetObject'),
      );
      assert.equal(readers.length, 1);
      assert.deepEqual(readers[0]?.Principal, { Service: 'cloudfront.amazonaws.com' });
      const source = readers[0]?.Condition?.StringEquals?.['AWS:SourceArn'];
      assert.match(flatten(source), /<WebAppDistribution[A-Z0-9]+>$/);
    });

    it('lets the app and no other page read downloads and send uploads', () => {
      const [rule, ...others] = find('AWS::S3::Bucket', 'MailStoreMailBucket').CorsConfiguration.CorsRules;
      assert.deepEqual(others, []);
      assert.deepEqual(rule.AllowedOrigins.map(flatten), [origin()]);
      assert.deepEqual(rule.AllowedMethods, ['GET', 'HEAD', 'PUT']);
    });

    if (other) {
      it('has no user pool, and tells the app of the issuer', () => {
        assert.deepEqual(
          Object.values(template.toJSON().Resources as Record<string, Resource>)
            .map(({ Type }) => Type)
            .filter(type => type.startsWith('AWS::Cognito::')),
          [],
        );
        assert.deepEqual(template.findOutputs('UserPoolId'), {});
        const configs = readdirSync(made.app.outdir)
          .map(name => join(made.app.outdir, name, 'config.json'))
          .filter(path => existsSync(path))
          .map(path => JSON.parse(readFileSync(path, 'utf8')));
        assert.deepEqual(
          configs.filter(({ issuer }) => issuer === other.issuer),
          [
            {
              issuer: other.issuer,
              clientId: 'mailferry',
              scope: 'openid email offline_access',
              resource: 'https://mail.elm-school.example',
            },
          ],
        );
      });
    } else {
      it('signs in a public client with a code, and rotates its refresh tokens', () => {
        const client = find('AWS::Cognito::UserPoolClient', 'Identity');
        assert.equal(client.GenerateSecret, false);
        assert.deepEqual(client.AllowedOAuthFlows, ['code']);
        assert.equal(client.RefreshTokenRotation.Feature, 'ENABLED');
        assert.deepEqual(client.CallbackURLs.map(flatten), [`${origin()}/signed-in`]);
        const { Policies } = find('AWS::Cognito::UserPool', 'Identity');
        assert.deepEqual(Policies.SignInPolicy.AllowedFirstAuthFactors, ['PASSWORD', 'WEB_AUTHN']);
      });
    }

    it('speaks HTTP/3 and TLS 1.2 at least, and compresses the app, with Brotli where a browser takes it', () => {
      const { HttpVersion, DefaultCacheBehavior, ViewerCertificate } = distribution();
      assert.equal(HttpVersion, 'http2and3');
      assert.equal(DefaultCacheBehavior.Compress, true);
      // Managed-CachingOptimized, which has EnableAcceptEncodingBrotli and EnableAcceptEncodingGzip.
      assert.equal(DefaultCacheBehavior.CachePolicyId, '658327ea-f89d-4fab-a63d-7e88639e58f6');
      assert.equal(DefaultCacheBehavior.ViewerProtocolPolicy, 'redirect-to-https');
      const [toApp, toApi] = [/^<WebAppBucket/, /execute-api/].map(host =>
        distribution().Origins.find(({ DomainName }: { DomainName: unknown }) =>
          host.test(flatten(DomainName)),
        ),
      );
      assert.match(flatten(toApp.OriginAccessControlId), /^<WebAppDistribution/);
      assert.equal(toApi.CustomOriginConfig.OriginProtocolPolicy, 'https-only');
      assert.deepEqual(toApi.CustomOriginConfig.OriginSSLProtocols, ['TLSv1.2']);
      if (customer === 'north-quay') assert.equal(ViewerCertificate.MinimumProtocolVersion, 'TLSv1.2_2021');
    });

    it('says every security header of the project, and HSTS for two years', () => {
      for (const name of ['AppHeaders', 'ApiHeaders']) {
        const { SecurityHeadersConfig: own, CustomHeadersConfig: more } = headersOf(name);
        assert.equal(own.StrictTransportSecurity.AccessControlMaxAgeSec, 63_072_000);
        assert.equal(own.StrictTransportSecurity.IncludeSubdomains, true);
        const said = new Map<string, string>(
          more.Items.map(({ Header, Value }: { Header: string; Value: string }) => [Header, Value]),
        );
        said.set('x-content-type-options', own.ContentTypeOptions ? 'nosniff' : '');
        said.set('referrer-policy', own.ReferrerPolicy.ReferrerPolicy);
        said.set('x-frame-options', own.FrameOptions.FrameOption);
        for (const [header, value] of Object.entries(SECURITY_HEADERS)) {
          if (header !== 'content-security-policy') assert.equal(said.get(header), value, header);
        }
      }
    });

    it('keeps hashed files for good and asks again for the rest', () => {
      const control = (name: string) =>
        find('Custom::CDKBucketDeployment', `WebApp${name}`).SystemMetadata['cache-control'];
      assert.equal(control('PublishAssets'), CACHE_IMMUTABLE);
      assert.equal(control('PublishShell'), CACHE_REVALIDATE);
    });

    function distribution(): Resource['Properties'] {
      return find('AWS::CloudFront::Distribution', 'WebApp').DistributionConfig;
    }

    function origin(): string {
      if (customer === 'north-quay') return 'https://mail.north-quay.example';
      return `https://<${resource(template, 'AWS::CloudFront::Distribution', 'WebApp')[0]}.DomainName>`;
    }

    function headersOf(name: string): Resource['Properties'] {
      return find('AWS::CloudFront::ResponseHeadersPolicy', `WebApp${name}`).ResponseHeadersPolicyConfig;
    }

    function cspOf(name: string): Map<string, string> {
      const header: string =
        headersOf(name).SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy;
      return new Map(
        header.split('; ').map(directive => {
          const [key = '', ...sources] = directive.split(' ');
          return [key, sources.join(' ')];
        }),
      );
    }
  });
}

describe('the firewall', () => {
  const webAcl = (name: string) => [...resources(made.template(name), 'AWS::WAFv2::WebACL')];
  const used = (name: string) =>
    resource(made.template(name), 'AWS::CloudFront::Distribution', 'WebApp')[1].Properties.DistributionConfig
      .WebACLId;

  it('is off unless the customer asks for it', () => {
    for (const customer of ['harbour-books', 'north-quay']) {
      assert.deepEqual(webAcl(customer), []);
      assert.equal(used(customer), undefined);
    }
  });

  it('is in the stack in us-east-1, and in a stack there for a customer of another region', () => {
    const [[here = ''] = []] = webAcl('bay-clinic');
    assert.deepEqual(used('bay-clinic'), { 'Fn::GetAtt': [here, 'Arn'] });
    assert.deepEqual(webAcl('elm-school'), []);
    const beside = made.template('elm-school-firewall');
    const [[there = ''] = []] = webAcl('elm-school-firewall');
    const [[output = ''] = []] = Object.entries(beside.findOutputs('*')).filter(
      ([, { Value }]) => flatten(Value) === `<${there}.Arn>`,
    );
    assert.deepEqual(used('elm-school'), {
      'Fn::GetStackOutput': {
        StackName: 'Mailferry-elm-school-firewall',
        Region: 'us-east-1',
        OutputName: output,
      },
    });
  });

  it('answers 429 to an address that asks too often, and looks into no mail', () => {
    const [[, { Properties }] = ['', { Properties: {} }]] = webAcl('elm-school-firewall');
    assert.equal(Properties.Scope, 'CLOUDFRONT');
    assert.deepEqual(Properties.DefaultAction, { Allow: {} });
    assert.equal(Properties.VisibilityConfig.SampledRequestsEnabled, false, 'samples hold tokens');
    const [limit, common] = Properties.Rules;
    assert.equal(limit.Statement.RateBasedStatement.Limit, 9000);
    assert.equal(limit.Statement.RateBasedStatement.AggregateKeyType, 'IP');
    assert.equal(limit.Action.Block.CustomResponse.ResponseCode, 429);
    const { ManagedRuleGroupStatement: group } = common.Statement;
    assert.equal(group.Name, 'AWSManagedRulesCommonRuleSet');
    const countedOnly = group.RuleActionOverrides.filter(
      ({ ActionToUse }: { ActionToUse: object }) => 'Count' in ActionToUse,
    ).map(({ Name }: { Name: string }) => Name);
    const ofBodies = [
      'SizeRestrictions_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
    ];
    for (const rule of [...ofBodies, 'EC2MetaDataSSRF_BODY']) assert.ok(countedOnly.includes(rule), rule);
    const { Statements } = group.ScopeDownStatement.NotStatement.Statement.OrStatement;
    assert.deepEqual(
      Statements.map(
        ({ ByteMatchStatement: { SearchString, PositionalConstraint } }: Resource['Properties']) => [
          PositionalConstraint,
          SearchString,
        ],
      ),
      [
        ['STARTS_WITH', '/jmap/download/'],
        ['STARTS_WITH', '/jmap/upload/'],
      ],
    );
  });
});
