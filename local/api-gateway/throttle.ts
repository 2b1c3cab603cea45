import type { Method, ThrottleSetting } from './model.ts';

type Bucket = { tokens: number; at: number };

/**
 * Token buckets in virtual time: the stage's, and one for each method that has a setting of its own instead.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 * @returns a function that takes a token, false when there is none
 */
export function createThrottle(settings: readonly ThrottleSetting[], now: () => number): (method: Method) => boolean {
  const buckets = new Map<ThrottleSetting, Bucket>();
  const settingFor = ({ httpMethod, resourcePath }: Method): ThrottleSetting | undefined => {
    const applies = (setting: ThrottleSetting) =>
      (setting.resourcePath === '*' || setting.resourcePath === resourcePath) &&
      (setting.httpMethod === '*' || setting.httpMethod === httpMethod);
    // The most specific one: a path of its own first.
    return settings
      .filter(applies)
      .sort(
        (a, b) =>
          Number(a.resourcePath === '*') - Number(b.resourcePath === '*') ||
          Number(a.httpMethod === '*') - Number(b.httpMethod === '*'),
      )[0];
  };
  return (method) => {
    const setting = settingFor(method);
    if (!setting) return true;
    const { ratePerSecond, burst } = setting;
    const bucket = buckets.get(setting) ?? { tokens: burst, at: now() };
    buckets.set(setting, bucket);
    const time = now();
    bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.at) / 1000) * ratePerSecond);
    bucket.at = time;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
