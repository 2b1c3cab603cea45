const KB = 1024;
const MB = 1024 * KB;

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** meta-cloud-api §3: what may be uploaded, and how large. */
const MAX_BYTES: Readonly<Record<string, number>> = {
  'audio/aac': 16 * MB,
  'audio/amr': 16 * MB,
  'audio/mpeg': 16 * MB,
  'audio/mp4': 16 * MB,
  'audio/ogg': 16 * MB,
  'text/plain': 100 * MB,
  'application/pdf': 100 * MB,
  'application/msword': 100 * MB,
  'application/vnd.ms-excel': 100 * MB,
  'application/vnd.ms-powerpoint': 100 * MB,
  [`${OFFICE}.wordprocessingml.document`]: 100 * MB,
  [`${OFFICE}.spreadsheetml.sheet`]: 100 * MB,
  [`${OFFICE}.presentationml.presentation`]: 100 * MB,
  'image/jpeg': 5 * MB,
  'image/png': 5 * MB,
  'image/webp': 500 * KB,
  'video/mp4': 16 * MB,
  'video/3gpp': 16 * MB,
};

/** @returns why Meta would not take the file, null when it would */
export function refusalOfUpload(mimeType: string, size: number): string | null {
  const base = (mimeType.split(';')[0] ?? '').trim().toLowerCase();
  const max = MAX_BYTES[base];
  if (max === undefined) {
    return `Param file must be a file with one of the following types: ${Object.keys(MAX_BYTES).join(', ')}. Received file of type '${base}'.`;
  }
  if (size === 0) return 'Param file is empty.';
  return size > max ? `Param file must not be larger than ${max} bytes.` : null;
}
