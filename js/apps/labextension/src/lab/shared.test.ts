import { expect, test } from 'vitest';
import { byVersion, SharedModules } from './shared';

test('versions are sorted by their numbers, early ones before the release', () => {
  const versions = ['4.10.0', '4.9.2', '4.10.0-rc.1', '5.0.0'];
  expect([...versions].sort(byVersion)).toEqual(['4.9.2', '4.10.0-rc.1', '4.10.0', '5.0.0']);
});

test('the newest version of a module is taken, from a factory or a promise of one', async () => {
  const shared = new SharedModules({
    a: {
      '1.0.0': { get: () => () => 'old' },
      '1.2.0': { get: () => Promise.resolve(() => 'new') },
    },
    b: { '2.0.0': { get: () => () => 'there' } },
  });
  expect(await shared.take('a')).toBe('new');
  expect(await shared.take('b')).toBe('there');
});

test('a module that JupyterLab does not share is named', async () => {
  await expect(new SharedModules({}).take('@jupyterlab/notebook')).rejects.toThrow(
    'JupyterLab does not share @jupyterlab/notebook',
  );
});
