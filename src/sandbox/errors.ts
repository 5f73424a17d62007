/**
 * Errors: those the emulated service answers with (`GraphError`), and those a person sees who starts it
 * (`SandboxError`).
 */

/** One entry of `error.details`: which property is wrong, and how. */
export interface GraphErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target: string;
}

/** An answer that Microsoft Graph gives as an error: HTTP status, code and words. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly GraphErrorDetail[];
  /** Headers of the answer, besides those every answer has. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: readonly GraphErrorDetail[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'GraphError';
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** Something that keeps the sandbox from starting, with what can be done about it. */
export class SandboxError extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string) {
    super(message);
    this.name = 'SandboxError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** 400 as the directory gives it. */
export function badRequest(message: string, details: readonly GraphErrorDetail[] = []): GraphError {
  return new GraphError(400, 'Request_BadRequest', message, details);
}

/** 400 as the front door of Graph and the Conditional Access service give it. */
export function malformed(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message);
}

/** 400 for a query option, or a part of one, that the service does not support. */
export function unsupportedQuery(message: string): GraphError {
  return new GraphError(400, 'Request_UnsupportedQuery', message);
}

/** 405 for a method the path does not have. */
export function notAllowed(): GraphError {
  return new GraphError(405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
}

/** 404 of the directory. Words: documentation page "Microsoft Graph error responses", and observed answers. */
export function notFound(id: string): GraphError {
  return new GraphError(404, 'Request_ResourceNotFound', missingWords(id));
}

/** The sentence by which the directory says that an object does not exist. */
export function missingWords(id: string): string {
  return `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
}

/** 403 for what an application may not do, whatever its permissions. */
export function denied(): GraphError {
  return new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

/** 400 when a unique value is in use. Shape observed: `details` holds one entry `ObjectConflict` for the property. */
export function conflict(property: string): GraphError {
  const message = `Another object with the same value for property ${property} already exists.`;
  return badRequest(message, [{ code: 'ObjectConflict', message, target: property }]);
}

/** 400 for a value the directory refuses. */
export function invalidValue(property: string, resource: string): GraphError {
  const message = `Invalid value specified for property '${property}' of resource '${resource}'.`;
  return badRequest(message, [{ code: 'InvalidValue', message, target: property }]);
}
