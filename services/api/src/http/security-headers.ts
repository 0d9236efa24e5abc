/** Sent with every answer: nothing here is a page, nothing is to be framed, guessed or kept by a cache in between. */
export const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;
