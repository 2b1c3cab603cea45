import path from 'node:path';
import {
  type FunctionAssociation,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  Function as ViewerFunction,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { configOf, resourceName } from '../stacks/stage-stack.ts';

/** Finds the file for each address of the site: runs at every request, before CloudFront looks into its cache. */
export class SitePaths extends Construct {
  readonly associations: FunctionAssociation[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const rewrite = new ViewerFunction(this, 'Rewrite', {
      functionName: resourceName(configOf(this), 'site-paths'),
      comment: 'From the addresses of the site to its files',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: path.join(import.meta.dirname, 'site-paths-function.js') }),
    });
    this.associations = [{ function: rewrite, eventType: FunctionEventType.VIEWER_REQUEST }];
  }
}
