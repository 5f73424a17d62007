/** The processes that are connected to a sandbox: each keeps one request open for as long as it is there. */
import type { ServerResponse } from 'node:http';
import type { Service } from './service.js';

/** Keeps count of the processes that hold a request open. */
export function createHolders(service: Promise<Service>) {
  const open = new Set<ServerResponse>();
  let left: (() => void) | undefined;
  let closed = false;
  let tenant = 'loading';
  service.then(
    ({ store }) => {
      tenant = store.tenantId;
    },
    () => undefined,
  );
  const hold = async (response: ServerResponse) => {
    open.add(response);
    response.on('close', () => {
      open.delete(response);
      if (open.size === 0) left?.();
    });
    const { tenantId } = (await service).store;
    response.writeHead(200, { 'Content-Type': 'application/json', 'x-knowngood-sandbox': tenantId });
    response.write(`${JSON.stringify({ tenantId })}\n`);
  };
  return {
    control(path: string, response: ServerResponse): boolean {
      if (path === '/.knowngood/ping') response.writeHead(200, { 'x-knowngood-sandbox': tenant }).end();
      else if (path !== '/.knowngood/hold') return false;
      else if (closed) response.writeHead(503).end();
      else hold(response).catch(() => response.destroy());
      return true;
    },
    isClosed: () => closed,
    /** Resolves when nobody is there; nobody can come in afterwards. */
    async none(): Promise<void> {
      while (open.size > 0) {
        await new Promise<void>((resolve) => {
          left = resolve;
        });
      }
      closed = true;
    },
  };
}
