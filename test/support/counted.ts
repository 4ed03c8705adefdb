import type { TestServices } from './table.ts';

/** Services that count how many messages were fetched: each is stored as a blob, known or not. */
export function countFetched(services: TestServices): { services: TestServices; fetched: () => number } {
  let count = 0;
  const { blobs } = services;
  return {
    fetched: () => {
      const fetched = count;
      count = 0;
      return fetched;
    },
    services: {
      ...services,
      blobs: {
        ...blobs,
        async put(key, bytes, contentType) {
          count += 1;
          await blobs.put(key, bytes, contentType);
        },
        async putFile(key, path, contentType) {
          count += 1;
          await blobs.putFile(key, path, contentType);
        },
      },
    },
  };
}
