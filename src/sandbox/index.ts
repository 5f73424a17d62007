/**
 * The sandbox: a local, stateful emulator of the part of Microsoft Graph that directory backup and recovery uses. It
 * shares no code with the client it serves; what it knows of Graph is in `facts/`, `quirks/` and `rules/`.
 */
export { SandboxError } from './errors.js';
export { incidents, runIncident } from './incidents.js';
export { callerNames, type IssuedToken, issueToken, type TokenWish } from './issue.js';
export {
  createSandbox,
  openSandbox,
  type RunningSandbox,
  type SandboxConnection,
  type SandboxOptions,
  sandboxExists,
  startSandbox,
} from './lifecycle.js';
