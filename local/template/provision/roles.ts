import type { Iam, PolicyStatement } from '../../aws/iam.ts';
import type { Deployment } from '../deployment.ts';

const LOGS: PolicyStatement = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};

/** AWS's own policies that templates attach, by what they allow of the services emulated here. */
const AWS_MANAGED_POLICIES: Record<string, PolicyStatement[]> = {
  'service-role/AWSLambdaBasicExecutionRole': [LOGS],
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': [LOGS],
  AWSXRayDaemonWriteAccess: [
    { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
  ],
};

/**
 * All identity statements of each role, by the role's ARN: inline, attached and AWS's own.
 * @throws naming an attached policy that nobody knows
 */
export function roleStatements(deployment: Deployment): Map<string, PolicyStatement[]> {
  const attached = [...deployment.of('AWS::IAM::Policy'), ...deployment.of('AWS::IAM::ManagedPolicy')];
  const managed = new Map(
    deployment.of('AWS::IAM::ManagedPolicy').map(({ ref, properties }) => [ref, properties.PolicyDocument.Statement]),
  );
  const byRole = new Map<string, PolicyStatement[]>();
  for (const role of deployment.of('AWS::IAM::Role')) {
    const ofRole = role.properties.ManagedPolicyArns.flatMap((policyArn) => {
      const statements =
        managed.get(policyArn) ?? AWS_MANAGED_POLICIES[policyArn.replace('arn:aws:iam::aws:policy/', '')];
      if (!statements)
        throw new Error(`${role.stack} ${role.logicalId}: the policy ${policyArn} is not known to the local stack`);
      return statements;
    });
    byRole.set(role.arn, [
      ...ofRole,
      ...role.properties.Policies.flatMap((policy) => policy.PolicyDocument.Statement),
      ...attached
        .filter(({ properties }) => properties.Roles.includes(role.name))
        .flatMap(({ properties }) => properties.PolicyDocument.Statement),
    ]);
  }
  return byRole;
}

/** The key by which the local AWS server knows whose call it is. One per function, also where two share a role. */
export const accessKeyIdOf = (friendlyName: string): string => `local-${friendlyName}`;

/** Registers each function and state machine with what its role allows. */
export function provisionPrincipals(deployment: Deployment, iam: Iam): void {
  const statements = roleStatements(deployment);
  const register = (
    { friendlyName, stack, logicalId }: { friendlyName: string; stack: string; logicalId: string },
    roleArn: string,
  ): void => {
    const ofRole = statements.get(roleArn);
    if (!ofRole) throw new Error(`${stack} ${logicalId}: there is no role ${roleArn}`);
    iam.register(accessKeyIdOf(friendlyName), friendlyName, ofRole);
  };
  for (const fn of deployment.of('AWS::Lambda::Function')) register(fn, fn.properties.Role);
  for (const machine of deployment.of('AWS::StepFunctions::StateMachine'))
    register(machine, machine.properties.RoleArn);
}
