export function isFromQuixess(
  rawBody: string | Uint8Array,
  headers: Record<string, string | undefined>,
  secret: string,
  nowSeconds?: number,
): boolean;
