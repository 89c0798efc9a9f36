/**
 * Spreads a problem's chunks over a few activities: what a history holds must not grow with the number of
 * candidates, while every chunk is still stored alone and lost alone.
 */
export type ChunkGroup = { first: number; count: number };

/** Groups in order; their sizes differ by one at most. */
export const chunkGroups = (chunks: number, maximum: number): ChunkGroup[] => {
  const groups = Math.min(chunks, maximum);
  return Array.from({ length: groups }, (_, index) => {
    const first = Math.floor((index * chunks) / groups);
    return { first, count: Math.floor(((index + 1) * chunks) / groups) - first };
  });
};
