export type Parameter = string | number | boolean | null | undefined | readonly string[];

/** `?a=1&b=x&b=y` of the parameters that are there; an array repeats its key. */
export function queryString(parameters: Readonly<Record<string, Parameter>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value === undefined || value === null || value === '') continue;
    if (Array.isArray(value)) for (const each of value as string[]) search.append(key, each);
    else search.append(key, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}
