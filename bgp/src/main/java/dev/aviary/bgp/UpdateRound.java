package dev.aviary.bgp;

import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.UpdatePacker;
import dev.aviary.bgp.rib.LocRib;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.PrefixVisitor;
import java.util.ArrayList;
import java.util.List;

/**
 * What one round of an update group has to say: withdrawals first, then destinations by their
 * attributes. Encoded once; each member gets the slices that are for it.
 */
final class UpdateRound implements PrefixVisitor {
  private static final int FIRST_BUFFER = 4096;

  private final LocRib rib;
  private final UpdatePacker packer;
  private final Buckets buckets = new Buckets();
  private final IntList withdrawn = new IntList();
  private final IntList withdrawnPaths = new IntList();
  private final IntList withdrawnSources = new IntList();

  /** From, to, and the two members it is not for, of each slice. */
  private final IntList runs = new IntList();

  private Encoded target = Encoded.EMPTY;
  private long encodings;

  UpdateRound(LocRib rib, UpdatePacker packer) {
    this.rib = rib;
    this.packer = packer;
  }

  Buckets buckets() {
    return buckets;
  }

  long encodings() {
    return encodings;
  }

  /** True if {@code set} can be said to these members. */
  boolean fits(PathAttributes set) {
    return packer.fits(set);
  }

  /** Withdraws a path; a member that is {@code source} never had it. */
  void withdraw(int entry, int path, int source) {
    withdrawn.add(entry);
    withdrawnPaths.add(path);
    withdrawnSources.add(source);
  }

  /** The place of the last withdrawal in this round. */
  int lastWithdrawal() {
    return withdrawn.size() - 1;
  }

  /** Encodes and sends; answers the members whose connections are full. */
  List<Member> send(List<Member> audience) {
    var slow = new ArrayList<Member>();
    boolean silent = withdrawn.isEmpty() && buckets.count() == 0;
    if (!silent && !audience.isEmpty()) {
      var encoded = Encoded.allocate(FIRST_BUFFER);
      encodings++;
      encodeWithdrawals(encoded);
      int withdrawals = encoded.size();
      runs.clear();
      for (int bucket = 0; bucket < buckets.count(); bucket++) {
        encode(bucket, encoded);
      }
      for (var member : audience) {
        int start = 0;
        if (member.differs) {
          sendOwnWithdrawals(member);
          start = withdrawals;
        }
        write(member, encoded, start, withdrawals);
        member.wire.flush();
        if (!member.isBehind() && !member.wire.isWritable()) {
          slow.add(member);
        }
      }
      encoded.release();
      target = Encoded.EMPTY;
    }
    buckets.clear();
    withdrawn.clear();
    withdrawnPaths.clear();
    withdrawnSources.clear();
    for (var member : audience) {
      member.endRound();
    }
    return slow;
  }

  private void encodeWithdrawals(Encoded encoded) {
    if (withdrawn.isEmpty()) {
      return;
    }
    packer.withdraw();
    for (int i = 0; i < withdrawn.size(); i++) {
      add(encoded, withdrawn.get(i), withdrawnPaths.get(i));
    }
    packer.end(encoded);
  }

  private void encode(int bucket, Encoded encoded) {
    if (buckets.first(bucket) < 0) {
      return;
    }
    var kept = buckets.key(bucket);
    int from = encoded.size();
    packer.announce(kept.attributes());
    for (int item = buckets.first(bucket); item >= 0; item = buckets.next(item)) {
      add(encoded, buckets.entry(item), buckets.path(item));
    }
    packer.end(encoded);
    int last = runs.size() - 4;
    if (last >= 0 && runs.get(last + 2) == kept.source() && runs.get(last + 3) == kept.hop()) {
      runs.set(last + 1, encoded.size());
    } else {
      runs.add(from);
      runs.add(encoded.size());
      runs.add(kept.source());
      runs.add(kept.hop());
    }
  }

  /** Writes the runs that are for {@code member}, neighboring ones as one. */
  private void write(Member member, Encoded encoded, int start, int withdrawals) {
    int from = start;
    int to = withdrawals;
    int number = member.number();
    for (int i = 0; i < runs.size(); i += 4) {
      if (runs.get(i + 2) == number || runs.get(i + 3) == number) {
        continue;
      }
      if (runs.get(i) != to) {
        if (to > from) {
          member.wire.write(encoded, from, to);
        }
        from = runs.get(i);
      }
      to = runs.get(i + 1);
    }
    if (to > from) {
      member.wire.write(encoded, from, to);
    }
  }

  /** The withdrawals of this round without those of what it never had, and its own. */
  private void sendOwnWithdrawals(Member member) {
    if (member.skips.size() == withdrawn.size() && member.extra.isEmpty()) {
      return;
    }
    var encoded = Encoded.allocate(FIRST_BUFFER);
    packer.withdraw();
    int skip = 0;
    for (int i = 0; i < withdrawn.size(); i++) {
      if (skip < member.skips.size() && member.skips.get(skip) == i) {
        skip++;
      } else if (withdrawnSources.get(i) != member.number()) {
        add(encoded, withdrawn.get(i), withdrawnPaths.get(i));
      }
    }
    for (int i = 0; i < member.extra.size(); i++) {
      add(encoded, member.extra.get(i), 0);
    }
    packer.end(encoded);
    if (encoded.size() > 0) {
      member.wire.write(encoded, 0, encoded.size());
    }
    encoded.release();
  }

  private void add(Encoded encoded, int entry, int path) {
    target = encoded;
    rib.visit(entry, path, this);
  }

  /** Not for others: a visitor per destination would be an object per destination. */
  @Override
  public void prefix(long high, long low, int length, int pathId) {
    packer.add(target, high, low, length, pathId);
  }
}
