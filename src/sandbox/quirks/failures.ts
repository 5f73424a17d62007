/**
 * What the service says when it fails or refuses, by status. Sources: documentation pages "Microsoft Graph error
 * responses and resource types", "Microsoft Graph throttling guidance", "Delta query overview"; words of 409, 412, 423,
 * 502 and 503 are observed or, where nobody reports them, those of the status.
 */

export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** `%s` stands for the last id of the path. */
export const failures: Readonly<Record<number, Failure>> = {
  400: { code: 'Request_BadRequest', message: 'One or more property values specified are invalid.' },
  401: { code: 'InvalidAuthenticationToken', message: 'Access token has expired or is not yet valid.' },
  402: { code: 'PaymentRequired', message: 'Payment is required.' },
  403: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges to complete the operation.' },
  404: {
    code: 'Request_ResourceNotFound',
    message: "Resource '%s' does not exist or one of its queried reference-property objects are not present.",
  },
  405: { code: 'Request_BadRequest', message: 'Specified HTTP method is not allowed for the request target.' },
  409: {
    code: 'Directory_ConcurrencyViolation',
    message: 'A conflicting update of the same object is in progress. Try again later.',
  },
  410: {
    code: 'syncStateNotFound',
    message: 'The sync state generation is not found; it may have expired. A full synchronization is required.',
  },
  412: { code: 'PreconditionFailed', message: 'The precondition of the request does not hold.' },
  423: { code: 'Locked', message: 'The resource is locked.' },
  424: { code: 'FailedDependency', message: 'The request failed because a request it depends on failed.' },
  429: { code: 'TooManyRequests', message: 'Please retry again later.' },
  500: { code: 'InternalServerError', message: 'An internal server error occurred. The operation failed.' },
  501: { code: 'NotImplemented', message: 'This operation target is not yet supported.' },
  502: { code: 'BadGateway', message: 'The gateway had no valid answer from the service behind it.' },
  503: { code: 'ServiceUnavailable', message: 'The service is temporarily unavailable. Please retry later.' },
  504: { code: 'GatewayTimeout', message: 'The service behind the gateway did not answer in time.' },
  507: { code: 'QuotaExceeded', message: 'The storage quota is exceeded.' },
  509: { code: 'BandwidthLimitExceeded', message: 'The bandwidth limit is exceeded. Please retry later.' },
};

/** For every other status. Source: "Microsoft Graph error responses" (5xx answers with an empty message are observed). */
export const unknownFailure: Failure = { code: 'UnknownError', message: '' };

/** 400 for a page link of an answer that was repeated. Source: "Paging Microsoft Graph data in your app". */
export const pageTokenLost: Failure = {
  code: 'DirectoryPageTokenNotFoundException',
  message: 'The page token was not found. Restart the listing.',
};

/** 400 for a page link that is too old (words observed). */
export const pageTokenExpired: Failure = {
  code: 'Directory_ExpiredPageToken',
  message: 'The specified page token value has expired and can no longer be included in your request.',
};
