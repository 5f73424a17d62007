/** The national clouds: where sign-in is, what a token is for, and what an outside token must be made for. */

export type CloudName = 'global' | 'usgov' | 'usgovdod' | 'china';

export interface Cloud {
  /** "Microsoft Entra authentication & national clouds": where tokens are issued. */
  readonly authority: string;
  /** "Microsoft Graph and Graph Explorer service root endpoints". */
  readonly graph: string;
  /** Audience of the token that another issuer signs for workload identity federation. */
  readonly exchange: string;
}

export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  global: {
    authority: 'https://login.microsoftonline.com',
    graph: 'https://graph.microsoft.com',
    exchange: 'api://AzureADTokenExchange',
  },
  usgov: {
    authority: 'https://login.microsoftonline.us',
    graph: 'https://graph.microsoft.us',
    exchange: 'api://AzureADTokenExchangeUSGov',
  },
  usgovdod: {
    authority: 'https://login.microsoftonline.us',
    graph: 'https://dod-graph.microsoft.us',
    exchange: 'api://AzureADTokenExchangeUSGov',
  },
  china: {
    authority: 'https://login.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    exchange: 'api://AzureADTokenExchangeChina',
  },
};

/** What every token is asked for: all permissions that the application was granted. */
export function scopeOf(cloud: Cloud): string {
  return `${cloud.graph}/.default`;
}
