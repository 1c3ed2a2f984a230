/** What code.js uses of the vendored lean-qr: a square of dark and light, or nothing where the text is too long. */
export const correction: { L: number; M: number; Q: number; H: number };
export function generate(text: string, how?: { minCorrectionLevel?: number }): { size: number; get(x: number, y: number): boolean } | null;
