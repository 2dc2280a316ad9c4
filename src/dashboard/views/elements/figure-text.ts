/** Numbers, shortened to be read. */

/** Such as "8,192" and "41.0 k". */
export function countText(count: number): string {
  if (count < 10_000) return new Intl.NumberFormat("en").format(Math.round(count));
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} k`;
  if (count < 1_000_000_000) return `${(count / 1_000_000).toFixed(1)} M`;
  return `${(count / 1_000_000_000).toFixed(1)} G`;
}

/** Such as "60 %". */
export function percentText(part: number): string {
  return `${Math.round(part * 100)} %`;
}
