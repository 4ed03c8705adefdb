import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Customer } from '../customers/schema.ts';
import { API_CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from '../web-headers.ts';
import { appPolicy } from './content-security-policy.ts';
import { apiPaths } from './device-api.ts';
import { firewall } from './firewall.ts';
import { acknowledge } from './nag.ts';
import { mailBucketHost, signInOrigins } from './names.ts';
import { type AppConfig, publishApp } from './publish-app.ts';

/** The headers of `web-headers.ts` for which CloudFront has no setting of its own. */
const customHeaders = ['cross-origin-opener-policy', 'cross-origin-resource-policy', 'permissions-policy'];

export interface WebAppProps {
  /** Whose app it is: its domain, its issuer, whether there is a firewall. */
  customer: Customer;
  /** Host of the HTTP API. */
  apiHost: string;
  /** Where access logs go. */
  logsBucket: IBucket;
}

/** The one origin that a device sees: the static app, and the API under the same name. */
export class WebApp extends Construct {
  /** The CDN, the only thing that faces the Internet. */
  readonly distribution: Distribution;
  /** `https://` and the host at which people open the app, without a slash at the end. */
  readonly origin: string;
  private readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: WebAppProps) {
    super(scope, id);
    const { customer, logsBucket } = props;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      serverAccessLogsBucket: logsBucket,
      serverAccessLogsPrefix: 'app-bucket/',
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    }) as IBucket;
    const toApi = apiBehaviour(this, props);
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Mailferry ${customer.id}`,
      defaultBehavior: appBehaviour(this, customer, this.bucket),
      additionalBehaviors: Object.fromEntries(apiPaths.map(path => [path, toApi])),
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: logsBucket,
      logFilePrefix: 'app/',
      ...ownDomain(this, customer),
      ...withFirewall(this, customer),
    });
    this.origin = `https://${customer.domain?.name ?? this.distribution.distributionDomainName}`;
    acknowledgeDistribution(this.distribution, customer);
  }

  /**
   * Uploads the built app and its configuration. Called late: the client id depends on the app's address.
   * @param folder the built app, with `index.html` at the top and hashed files under `assets/`
   */
  publish(folder: string, config: AppConfig): void {
    publishApp(this, this.bucket, folder, config);
  }
}

function ownDomain(scope: Construct, { domain }: Customer) {
  if (!domain) return {};
  return {
    domainNames: [domain.name],
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', domain.certificateArn),
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
  };
}

function withFirewall(scope: Construct, customer: Customer) {
  const webAclId = firewall(scope, customer);
  return webAclId === undefined ? {} : { webAclId };
}

function appBehaviour(scope: Construct, customer: Customer, bucket: IBucket): BehaviorOptions {
  const connect = [`https://${mailBucketHost(customer)}`, ...signInOrigins(customer)];
  return {
    origin: S3BucketOrigin.withOriginAccessControl(bucket),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    compress: true,
    responseHeadersPolicy: securityHeaders(scope, 'AppHeaders', appPolicy(connect)),
    functionAssociations: [viewerRequest(scope, 'AppRequest', 'app-request.js')],
  };
}

function apiBehaviour(scope: Construct, { apiHost }: WebAppProps): BehaviorOptions {
  return {
    origin: new HttpOrigin(apiHost, { readTimeout: Duration.seconds(40) }),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    responseHeadersPolicy: securityHeaders(scope, 'ApiHeaders', API_CONTENT_SECURITY_POLICY),
    functionAssociations: [viewerRequest(scope, 'ApiRequest', 'api-request.js')],
  };
}

function viewerRequest(scope: Construct, id: string, file: string) {
  return {
    eventType: FunctionEventType.VIEWER_REQUEST,
    function: new EdgeFunction(scope, id, {
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: join(import.meta.dirname, 'edge', file) }),
    }),
  };
}

function securityHeaders(scope: Construct, id: string, contentSecurityPolicy: string): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, id, {
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(730),
        includeSubdomains: true,
        override: true,
      },
    },
    customHeadersBehavior: {
      customHeaders: customHeaders.map(header => ({
        header,
        value: SECURITY_HEADERS[header] ?? '',
        override: true,
      })),
    },
  });
}

function acknowledgeDistribution(distribution: Distribution, customer: Customer): void {
  acknowledge(distribution, {
    'AwsSolutions-CFR1': 'People read their mail from wherever they are.',
  });
  if (!customer.firewall) {
    acknowledge(distribution, {
      'AwsSolutions-CFR2':
        'The app is static and every API route needs a token; a WAF costs more than the rest of an idle stack, so it is the customer’s choice.',
    });
  }
  if (!customer.domain) {
    acknowledge(distribution, {
      'AwsSolutions-CFR4':
        'CloudFront fixes the TLS policy of its own certificate; a customer with a domain gets TLSv1.2_2021.',
    });
  }
}
