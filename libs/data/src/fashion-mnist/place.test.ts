import { expect, test } from 'vitest';
import { dataPlaces, userCacheDirectory } from './place.ts';

test.each([
  { environment: { XDG_CACHE_HOME: '/var/cache/me' }, directory: '/var/cache/me/weft' },
  { environment: {}, directory: '/home/me/.cache/weft' },
  { environment: { XDG_CACHE_HOME: '' }, directory: '/home/me/.cache/weft' },
  { environment: { XDG_CACHE_HOME: 'relative' }, directory: '/home/me/.cache/weft' },
])('the cache for $environment is $directory', ({ environment, directory }) => {
  expect(userCacheDirectory(environment, '/home/me')).toBe(directory);
});

test('places come in the documented order, each directory once', () => {
  const places = dataPlaces({ dataDirectory: '/w/code/data', checkoutDirectory: '/w/code', cacheDirectory: '/cache' });
  expect(places.map((place) => place.directory)).toEqual([
    '/w/code/data',
    '/w/code/data/fashion-mnist',
    '/w/code/shared/data',
    '/w/code/shared/data/fashion-mnist',
    '/w/shared/data',
    '/w/shared/data/fashion-mnist',
    '/cache/fashion-mnist',
  ]);
  expect(places[0]?.reason).toBe('the data directory given');
});

test('without a checkout named, it is the one that this package lies in', () => {
  const places = dataPlaces({ cacheDirectory: '/cache' }).map((place) => place.directory);
  const checkout = import.meta.dirname.replace(/\/libs\/data\/src\/fashion-mnist$/, '');
  expect(places[0]).toBe(`${checkout}/data`);
});
