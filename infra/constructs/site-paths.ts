import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type FunctionAssociation,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  Function as ViewerFunction,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { API_ERRORS } from '../../shared/error-codes.ts';
import { configOf, resourceName } from '../stacks/stage-stack.ts';

/** CloudFront's limit of a function, bytes: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MOST_BYTES = 10_240;

/** Beside the developer page itself. A test holds them against what a build writes. */
const PAGES = ['events', 'errors', 'changelog', ...Object.keys(API_ERRORS).map((code) => `errors/${code}`)];

/** @throws when it grows larger than CloudFront takes */
function functionCode(): string {
  const read = (file: string): string => readFileSync(path.join(import.meta.dirname, file), 'utf8');
  const code = [
    `const PAGES = ${JSON.stringify(PAGES.map((page) => `/developers/${page}`))};`,
    `const NOT_FOUND = ${JSON.stringify(read('site-not-found.html'))};`,
    read('site-paths-function.js'),
  ].join('\n');
  const bytes = Buffer.byteLength(code);
  if (bytes > MOST_BYTES) throw new Error(`The function of the site has ${bytes} bytes, and may have ${MOST_BYTES}`);
  return code;
}

/** Finds the file for each address of the site: runs at every request, before CloudFront looks into its cache. */
export class SitePaths extends Construct {
  readonly associations: FunctionAssociation[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const rewrite = new ViewerFunction(this, 'Rewrite', {
      functionName: resourceName(configOf(this), 'site-paths'),
      comment: 'From the addresses of the site to its files',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(functionCode()),
    });
    this.associations = [{ function: rewrite, eventType: FunctionEventType.VIEWER_REQUEST }];
  }
}
