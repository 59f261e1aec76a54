import { describe, expect, it } from 'vitest';
import { address } from './address';
import { match } from './match';

describe('addresses', () => {
  it('are of this page, whatever a thing is called', () => {
    expect(address.run('local', 'javascript:alert(1)//..')).toBe(
      '/p/local/run/javascript%3Aalert(1)%2F%2F..',
    );
    expect(address.lineage('a b', '../x?y')).toBe('/p/a%20b/lineage?thing=..%2Fx%3Fy');
  });

  it('are matched and read back', () => {
    expect(match('/p/:project/run/:id', '/p/a%20b/run/x%2Fy')).toEqual({
      project: 'a b',
      id: 'x/y',
    });
    expect(match('/p/:project/runs', '/p/a/run')).toBeNull();
    expect(match('/p/:project', '/p/%E0%A4%A')).toEqual({ project: '%E0%A4%A' });
  });
});
