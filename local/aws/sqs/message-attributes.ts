import { createHash } from 'node:crypto';
import { sqsError } from './errors.ts';
import type { MessageAttributeValue } from './sqs.ts';

export type MessageAttributes = Record<string, MessageAttributeValue>;
const TRANSPORT_STRING = 1;
const TRANSPORT_BINARY = 2;

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/**
 * MD5 over names, types and values in the order of names, each with its length before it.
 * Amazon SQS Developer Guide, "Calculating the MD5 message digest for message attributes".
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name] as MessageAttributeValue;
    add(Buffer.from(name));
    add(Buffer.from(value.DataType));
    hash.update(Buffer.from([value.DataType.startsWith('Binary') ? TRANSPORT_BINARY : TRANSPORT_STRING]));
    add(bytesOf(value));
  }
  return hash.digest('hex');
}

const bytesOf = (value: MessageAttributeValue): Buffer =>
  value.DataType.startsWith('Binary')
    ? Buffer.from(value.BinaryValue ?? '', 'base64')
    : Buffer.from(value.StringValue ?? '');

/** Bytes that count against the message's limit: names, types and values. */
export function sizeOfAttributes(attributes: MessageAttributes): number {
  let size = 0;
  for (const [name, value] of Object.entries(attributes))
    size += Buffer.byteLength(name) + Buffer.byteLength(value.DataType) + bytesOf(value).length;
  return size;
}

/** Rules of MessageAttributeValue in the SQS API reference; a message takes at most ten. */
export function checkAttributes(attributes: MessageAttributes): void {
  const invalid = (message: string) => sqsError('InvalidParameterValue', message);
  const names = Object.keys(attributes);
  if (names.length > 10)
    throw invalid(`Number of message attributes [${names.length}] exceeds the allowed maximum [10].`);
  for (const [name, value] of Object.entries(attributes)) {
    if (!/^(?!aws\.|amazon\.)(?!\.)[\w.-]{1,256}(?<!\.)$/i.test(name) || name.includes('..'))
      throw invalid(`The message attribute name '${name}' is invalid.`);
    const type = /^(String|Number|Binary)(\..+)?$/.exec(value.DataType)?.[1];
    if (!type)
      throw invalid(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    if (!(type === 'Binary' ? value.BinaryValue : value.StringValue))
      throw invalid(`The message attribute '${name}' must contain a non-empty message attribute value.`);
    if (type === 'Number' && !Number.isFinite(Number(value.StringValue)))
      throw invalid(`Can't cast the value of message attribute '${name}' to a number.`);
  }
}

/** What `MessageAttributeNames` of a receive asks for: names, `All`, `.*`, or a prefix such as `bar.*`. */
export function pickAttributes(attributes: MessageAttributes, wanted: string[]): MessageAttributes {
  if (wanted.includes('All') || wanted.includes('.*')) return attributes;
  const isWanted = (name: string) =>
    wanted.some((want) => want === name || (want.endsWith('.*') && name.startsWith(want.slice(0, -1))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}
