/** Puts equal candidates together in time linear in their number, whatever they return. */

/** What tells candidates apart. */
export type Equality<Candidate> = {
  /** Equal for equal candidates; unequal ones may share it. Reads little. */
  hashOf(candidate: Candidate): number;
  /** The same from all that `areEqual` looks at. */
  fullHashOf(candidate: Candidate): number;
  areEqual(a: Candidate, b: Candidate): boolean;
};

type Group<Candidate> = [Candidate, ...Candidate[]];

/**
 * In the order of their first members, and these in the order of the input. Candidates after the first group of
 * `enough` members is full are in none.
 */
export const groupEqual = <Candidate>(
  candidates: readonly Candidate[],
  equality: Equality<Candidate>,
  enough = Number.POSITIVE_INFINITY,
): Group<Candidate>[] => {
  const byHash = new Map<number, SameHash<Candidate>>();
  const inOrder: Group<Candidate>[] = [];
  let largest: Group<Candidate> | undefined;
  for (const candidate of candidates) {
    // Most candidates are in one group: those need no hash.
    if (largest && equality.areEqual(largest[0], candidate)) largest.push(candidate);
    else {
      const hash = equality.hashOf(candidate);
      const sameHash = byHash.get(hash);
      let group = sameHash?.find(candidate);
      if (group) group.push(candidate);
      else {
        group = [candidate];
        inOrder.push(group);
        if (sameHash) sameHash.add(group);
        else byHash.set(hash, new SameHash(equality, group));
      }
      if (largest === undefined || group.length > largest.length) largest = group;
    }
    if (largest.length >= enough) break;
  }
  return inOrder;
};

/** So many groups that share a hash are compared one by one; more of them are told apart by their full hash first. */
const FEW = 8;

class SameHash<Candidate> {
  private readonly equality: Equality<Candidate>;
  private readonly groups: Group<Candidate>[];
  private byFullHash: Map<number, Group<Candidate>[]> | undefined;

  constructor(equality: Equality<Candidate>, group: Group<Candidate>) {
    this.equality = equality;
    this.groups = [group];
  }

  find(candidate: Candidate): Group<Candidate> | undefined {
    const { equality, groups, byFullHash } = this;
    const comparable = byFullHash ? byFullHash.get(equality.fullHashOf(candidate)) : groups;
    return comparable?.find(([first]) => equality.areEqual(first, candidate));
  }

  add(group: Group<Candidate>): void {
    this.groups.push(group);
    if (this.byFullHash) this.addByFullHash(this.byFullHash, group);
    else if (this.groups.length > FEW) {
      const byFullHash = new Map<number, Group<Candidate>[]>();
      for (const each of this.groups) this.addByFullHash(byFullHash, each);
      this.byFullHash = byFullHash;
    }
  }

  private addByFullHash(byFullHash: Map<number, Group<Candidate>[]>, group: Group<Candidate>): void {
    const hash = this.equality.fullHashOf(group[0]);
    const same = byFullHash.get(hash);
    if (same) same.push(group);
    else byFullHash.set(hash, [group]);
  }
}
