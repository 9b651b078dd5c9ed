package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.Prefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/** What holds of a store of IPAM's at any time. */
public final class Laws {
  private Laws() {}

  /** What must be true of a store whatever happened. */
  public static void check(IpamStore store) throws IpamException {
    var needed = new HashMap<String, Map<Prefix, Integer>>();
    for (var stored : store.list(IpamKey.ALL_BLOCKS, Block.class)) {
      var block = stored.value();
      var free = new HashSet<>(block.unallocated());
      assertThat(free).as("no ordinal twice in the queue").hasSize(block.freeCount());
      var used = new HashSet<Integer>();
      for (int i = 0; i < block.size(); i++) {
        var owner = block.owner(i);
        assertThat(owner != null)
            .as("free or taken: %s", block.address(i))
            .isNotEqualTo(free.contains(i));
        if (owner != null) {
          used.add(block.allocation(i).orElseThrow());
          var handle = owner.handle();
          if (handle != null && owner.releasedAt() == null) {
            needed
                .computeIfAbsent(handle, _ -> new HashMap<>())
                .merge(block.cidr(), 1, Integer::sum);
          }
        }
      }
      assertThat(used).as("every entry is used").hasSize(block.attributes().size());
    }
    for (var handle : needed.entrySet()) {
      var stored = store.find(new IpamKey.HandleKey(handle.getKey()), Handle.class);
      for (var count : handle.getValue().entrySet()) {
        assertThat(stored == null ? 0 : stored.value().count(count.getKey()))
            .as("handle %s counts no fewer than block %s has", handle.getKey(), count.getKey())
            .isGreaterThanOrEqualTo(count.getValue());
      }
    }
    var owned = new HashSet<Prefix>();
    for (var affinity : store.list(IpamKey.ALL_AFFINITIES, BlockAffinity.class)) {
      if (affinity.key() instanceof IpamKey.AffinityKey(var owner, var cidr)
          && affinity.value().isConfirmed()) {
        assertThat(owned.add(cidr)).as("%s is confirmed for one owner", cidr).isTrue();
        var block = store.find(new IpamKey.BlockKey(cidr), Block.class);
        assertThat(block == null ? owner.text() : block.value().affinity())
            .as("a confirmed affinity to %s is the block's own", cidr)
            .isEqualTo(owner.text());
      }
    }
  }
}
