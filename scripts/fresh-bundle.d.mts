export function bundlesOf(program: string): string;
export function freshBundle(program: string): string | undefined;
export function stampOf(file: string): string;
