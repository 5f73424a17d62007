export const VARIABLE: string;
export function recordFor(name: string): void;
export function recording(): Readonly<Record<string, string>>;
export function record(url: string, options: RequestInit | undefined): void;
export function templateOf(url: string): string;
export function leaves(value: unknown, path: string, found: (path: string, value: string) => void): void;
