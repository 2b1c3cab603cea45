import { harmless } from './resource-type.ts';
import {
  ApiAuthorizer,
  ApiDeployment,
  ApiGatewayResponse,
  ApiMethod,
  ApiResource,
  ApiStage,
  RestApi,
} from './types/api.ts';
import { UserPool, UserPoolClient, UserPoolDomain } from './types/cognito.ts';
import { EventSourceMapping, EventsRule, LambdaFunction, SchedulerSchedule, StateMachine } from './types/compute.ts';
import { Bucket, GlobalTable, Queue, Secret, Table } from './types/data.ts';
import { ManagedPolicy, Policy, Role } from './types/identity.ts';
import { BucketDeployment, Distribution, ResponseHeadersPolicy, ViewerFunction } from './types/site.ts';

/** The types the stack acts on, with the properties it knows. */
export const IMPLEMENTED_TYPES = {
  'AWS::ApiGateway::Authorizer': ApiAuthorizer,
  'AWS::ApiGateway::Deployment': ApiDeployment,
  'AWS::ApiGateway::GatewayResponse': ApiGatewayResponse,
  'AWS::ApiGateway::Method': ApiMethod,
  'AWS::ApiGateway::Resource': ApiResource,
  'AWS::ApiGateway::RestApi': RestApi,
  'AWS::ApiGateway::Stage': ApiStage,
  'AWS::CloudFront::Distribution': Distribution,
  'AWS::CloudFront::Function': ViewerFunction,
  'AWS::CloudFront::ResponseHeadersPolicy': ResponseHeadersPolicy,
  'AWS::Cognito::UserPool': UserPool,
  'AWS::Cognito::UserPoolClient': UserPoolClient,
  'AWS::Cognito::UserPoolDomain': UserPoolDomain,
  'AWS::DynamoDB::GlobalTable': GlobalTable,
  'AWS::DynamoDB::Table': Table,
  'AWS::Events::Rule': EventsRule,
  'AWS::IAM::ManagedPolicy': ManagedPolicy,
  'AWS::IAM::Policy': Policy,
  'AWS::IAM::Role': Role,
  'AWS::Lambda::EventSourceMapping': EventSourceMapping,
  'AWS::Lambda::Function': LambdaFunction,
  'AWS::S3::Bucket': Bucket,
  'AWS::SQS::Queue': Queue,
  'AWS::Scheduler::Schedule': SchedulerSchedule,
  'AWS::SecretsManager::Secret': Secret,
  'AWS::StepFunctions::StateMachine': StateMachine,
  'Custom::CDKBucketDeployment': BucketDeployment,
} as const;
export type ImplementedTypeName = keyof typeof IMPLEMENTED_TYPES;

const OBSERVED = 'nobody is paged by a machine; what would be measured is in the logs and at the control server';

/** The types that make no difference on one machine, and why. A type in neither table is an error. */
export const HARMLESS_TYPES = {
  'AWS::ApiGateway::Account': harmless('lets API Gateway write logs; ours go to a file'),
  'AWS::CDK::Metadata': harmless('tells AWS which CDK was used'),
  'AWS::CloudFront::OriginAccessControl': harmless('shows the bucket who asks; here the edge reads a folder'),
  'AWS::CloudWatch::Alarm': harmless(OBSERVED),
  'AWS::CloudWatch::AnomalyDetector': harmless(OBSERVED),
  'AWS::CloudWatch::CompositeAlarm': harmless(OBSERVED),
  'AWS::CloudWatch::Dashboard': harmless(OBSERVED),
  'AWS::KMS::Alias': harmless('data at rest is not encrypted in the state folder'),
  'AWS::KMS::Key': harmless('data at rest is not encrypted in the state folder'),
  'AWS::Lambda::EventInvokeConfig': harmless('schedules invoke once here, whatever comes of it'),
  'AWS::Lambda::LayerVersion': harmless("belongs to the CDK's own functions, which do not run here"),
  'AWS::Lambda::Permission': harmless('only the stack itself invokes functions'),
  'AWS::Logs::LogGroup': harmless('logs go to files'),
  'AWS::Logs::MetricFilter': harmless(OBSERVED),
  'AWS::Logs::QueryDefinition': harmless('saved queries of the console'),
  'AWS::Logs::ResourcePolicy': harmless('lets AWS services write logs; ours go to files'),
  'AWS::S3::BucketPolicy': harmless('refuses plain HTTP, which is all that loopback speaks'),
  'AWS::SNS::Subscription': harmless(OBSERVED),
  'AWS::SNS::Topic': harmless(OBSERVED),
  'AWS::SNS::TopicPolicy': harmless(OBSERVED),
  'AWS::SQS::QueuePolicy': harmless('refuses plain HTTP, which is all that loopback speaks'),
  'AWS::Synthetics::Canary': harmless('a canary watches a deployed system from outside'),
  'AWS::WAFv2::WebACL': harmless('guards against traffic that does not come over loopback'),
  'AWS::WAFv2::WebACLAssociation': harmless('guards against traffic that does not come over loopback'),
  'AWS::XRay::SamplingRule': harmless('no traces are recorded'),
} as const;
