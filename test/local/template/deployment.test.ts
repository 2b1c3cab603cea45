import { describe, expect, test } from '@jest/globals';
import { createIam } from '../../../local/aws/iam.ts';
import { loadAssembly } from '../../../local/template/assembly.ts';
import { provisionPrincipals, roleStatements } from '../../../local/template/provision/roles.ts';
import { generatePassword } from '../../../local/template/provision/secrets.ts';
import { deploy, resource, writeAssembly } from './assembly-fixture.ts';

const queue = (cdkPath: string, properties: object = {}) => resource('AWS::SQS::Queue', cdkPath, properties);
const table = (properties: object = {}) =>
  resource('AWS::DynamoDB::GlobalTable', 'data/ApiKeys/Resource', {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    Replicas: [{ Region: 'eu-central-1' }],
    ...properties,
  });

/** The properties of a queue whose description-like attribute holds the expression; it is text in the end. */
const evaluate = (expression: object, stack: object = {}): string => {
  const deployment = deploy({
    main: {
      ...stack,
      Resources: { Q: queue('main/Q/Resource', { QueueName: expression }), Other: queue('main/Other/Resource') },
    },
  });
  return deployment.of('AWS::SQS::Queue').find(({ logicalId }) => logicalId === 'Q')!.name;
};

describe('names', () => {
  test('come from the path of the construct where the template fixes none', () => {
    const [apiKeys] = deploy({ data: { Resources: { T: table() } } }).of('AWS::DynamoDB::GlobalTable');
    expect(apiKeys).toMatchObject({ name: 'api-keys', friendlyName: 'api-keys', ref: 'api-keys' });
    expect(apiKeys!.arn).toBe('arn:aws:dynamodb:eu-central-1:111111111111:table/api-keys');
  });

  test('fixed ones stay, and the friendly name leaves the prefix of the stage out', () => {
    const [deliveries] = deploy({
      delivery: {
        Resources: { Q: queue('delivery/Deliveries/Queue/Resource', { QueueName: 'quixess-test-deliveries' }) },
      },
    }).of('AWS::SQS::Queue');
    expect(deliveries).toMatchObject({
      name: 'quixess-test-deliveries',
      friendlyName: 'deliveries',
      ref: 'http://127.0.0.1:4512/111111111111/quixess-test-deliveries',
    });
  });

  test('two resources of one type with the same name are refused', () => {
    const twice = {
      Resources: { A: queue('main/A/Resource', { QueueName: 'x' }), B: queue('main/B/Resource', { QueueName: 'x' }) },
    };
    expect(() => deploy({ main: twice })).toThrow('quixess-test-main B (AWS::SQS::Queue)');
  });
});

describe('intrinsic functions', () => {
  test.each([
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-eu-central-1'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own syntax
    ['Fn::Sub', { 'Fn::Sub': 'x-${AWS::AccountId}-${Other.QueueName}-${!Literal}' }, 'x-111111111111-other-${Literal}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own syntax
    ['Fn::Sub with variables', { 'Fn::Sub': ['${Name}-y', { Name: { Ref: 'AWS::Partition' } }] }, 'aws-y'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Other', 'Arn'] }, 'arn:aws:sqs:eu-central-1:111111111111:other'],
    ['a parameter', { Ref: 'BootstrapVersion' }, '/cdk-bootstrap/version'],
    ['Fn::If', { 'Fn::If': ['IsEurope', 'eu', 'elsewhere'] }, 'eu'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'short'] }, 'fra'],
  ])('%s', (_name, expression, expected) => {
    const stack = {
      Parameters: {
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' },
      },
      Conditions: { IsEurope: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] } },
      Mappings: { Regions: { 'eu-central-1': { short: 'fra' } } },
    };
    expect(evaluate(expression, stack)).toBe(expected);
  });

  test('AWS::NoValue leaves the property out', () => {
    const [one] = deploy({
      main: { Resources: { Q: queue('main/Q/Resource', { DelaySeconds: { Ref: 'AWS::NoValue' } }) } },
    }).of('AWS::SQS::Queue');
    expect(one!.properties).not.toHaveProperty('DelaySeconds');
  });

  test('Fn::ImportValue takes what another stack exports', () => {
    const deployment = deploy({
      delivery: {
        Resources: { Q: queue('delivery/Q/Resource', { QueueName: { 'Fn::ImportValue': 'data:Name' } }) },
      },
      data: {
        Resources: { T: table() },
        Outputs: { Name: { Value: { Ref: 'T' }, Export: { Name: { 'Fn::Sub': 'data:Name' } } } },
      },
    });
    expect(deployment.of('AWS::SQS::Queue')[0]!.name).toBe('api-keys');
  });

  test.each([
    ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/16', 1] }, 'Fn::Cidr'],
    ['a reference to nothing', { Ref: 'Nobody' }, 'Nobody'],
    ['an export that is not there', { 'Fn::ImportValue': 'nothing' }, 'nothing'],
    ['an attribute that is not known', { 'Fn::GetAtt': ['Other', 'Colour'] }, 'Colour'],
  ])('%s is an error that names it', (_name, expression, named) => {
    expect(() => evaluate(expression)).toThrow(named);
  });
});

describe('what the local stack does not know', () => {
  test('a type is refused with stack, logical id and type', () => {
    const vpc = resource('AWS::EC2::VPC', 'main/Vpc/Resource');
    expect(() => deploy({ main: { Resources: { Vpc8378EB38: vpc } } })).toThrow(
      'quixess-test-main Vpc8378EB38: the resource type AWS::EC2::VPC is not known to the local stack',
    );
  });

  test('a property is refused with stack, logical id, type and property', () => {
    const fifo = queue('main/Q/Resource', { FifoQueue: true });
    expect(() => deploy({ main: { Resources: { Q: fifo } } })).toThrow(
      'quixess-test-main Q (AWS::SQS::Queue): the property FifoQueue is not known to the local stack',
    );
  });

  test('a property inside a property is refused with its path', () => {
    const index = { IndexName: 'i', KeySchema: [], Projection: { ProjectionType: 'ALL' }, Surprise: 1 };
    expect(() => deploy({ data: { Resources: { T: table({ GlobalSecondaryIndexes: [index] }) } } })).toThrow(
      'GlobalSecondaryIndexes.0.Surprise',
    );
  });

  test('everything wrong is said at once', () => {
    const all = { Vpc: resource('AWS::EC2::VPC', 'main/Vpc'), Q: queue('main/Q/Resource', { FifoQueue: true }) };
    expect(() => deploy({ main: { Resources: all } })).toThrow(/AWS::EC2::VPC[\s\S]*FifoQueue/);
  });

  test('harmless types are left alone, and can be referred to', () => {
    const logGroup = resource('AWS::Logs::LogGroup', 'main/Logs/Resource', { Anything: true });
    const named = queue('main/Q/Resource', { QueueName: { 'Fn::GetAtt': ['Logs', 'Arn'] } });
    const [one] = deploy({ main: { Resources: { Logs: logGroup, Q: named } } }).of('AWS::SQS::Queue');
    expect(one!.name).toBe('arn:aws:logs:eu-central-1:111111111111:logs');
  });

  test('a resource whose condition is false does not exist', () => {
    const vpc = { ...resource('AWS::EC2::VPC', 'main/Vpc'), Condition: 'Never' };
    const stack = { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } }, Resources: { Vpc: vpc } };
    expect(() => deploy({ main: stack })).not.toThrow();
  });
});

test('assets are found by the key they would be uploaded under', () => {
  const directory = writeAssembly({ main: {} });
  const assembly = loadAssembly(directory);
  expect(assembly.assets.get('main.zip')).toBe(`${directory}/asset.main`);
  expect(assembly).toMatchObject({ account: undefined, region: 'eu-central-1' });
});

describe('roles', () => {
  const role = (properties: object = {}) =>
    resource('AWS::IAM::Role', 'main/Role', { RoleName: 'r', AssumeRolePolicyDocument: {}, ...properties });
  const policy = (Action: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });

  test('statements come from inline, attached and managed policies', () => {
    const Resources = {
      R: role({
        Policies: [{ PolicyName: 'inline', PolicyDocument: policy('sqs:SendMessage') }],
        ManagedPolicyArns: [
          { Ref: 'M' },
          {
            'Fn::Join': [
              '',
              ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
            ],
          },
        ],
      }),
      P: resource('AWS::IAM::Policy', 'main/P', {
        PolicyName: 'p',
        PolicyDocument: policy('dynamodb:GetItem'),
        Roles: [{ Ref: 'R' }],
      }),
      M: resource('AWS::IAM::ManagedPolicy', 'main/M', { PolicyDocument: policy('states:StartExecution') }),
    };
    const statements = roleStatements(deploy({ main: { Resources } })).get('arn:aws:iam::111111111111:role/r');
    expect(statements?.flatMap(({ Action }) => Action)).toEqual([
      'states:StartExecution',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:SendMessage',
      'dynamodb:GetItem',
    ]);
  });

  test("an unknown policy of AWS's own is refused by name", () => {
    const Resources = { R: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) };
    expect(() => roleStatements(deploy({ main: { Resources } }))).toThrow('AdministratorAccess');
  });

  test('a function whose role is nowhere is refused', () => {
    const fn = resource('AWS::Lambda::Function', 'main/Fn/Resource', {
      Code: { S3Bucket: 'b', S3Key: 'main.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::111111111111:role/nobody',
    });
    expect(() => provisionPrincipals(deploy({ main: { Resources: { Fn: fn } } }), createIam())).toThrow('role/nobody');
  });
});

test('generated secrets keep to what is excluded and hold each type that is left', () => {
  const options = {
    PasswordLength: 48,
    ExcludeCharacters: 'abc',
    ExcludePunctuation: true,
    ExcludeLowercase: false,
    ExcludeUppercase: false,
    ExcludeNumbers: false,
    IncludeSpace: false,
    RequireEachIncludedType: true,
  };
  for (let round = 0; round < 50; round += 1) {
    const password = generatePassword(options);
    expect(password).toMatch(/^(?=.*[d-z])(?=.*[A-Z])(?=.*\d)[d-zA-Z\d]{48}$/);
  }
});
