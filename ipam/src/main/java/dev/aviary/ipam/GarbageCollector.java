package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What kube-controllers' node controller does for IPAM: addresses that nobody uses any more, empty
 * blocks, and what nodes that are gone have left. It remembers what it has seen in earlier runs, so
 * one instance is run again and again, on one thread.
 */
public final class GarbageCollector {
  /** How many addresses the other blocks of a host must have free for an empty one to go. */
  private static final int SPARE = 3;

  private static final Logger log = LoggerFactory.getLogger(GarbageCollector.class);

  /** What the cluster knows of its nodes and pods. */
  public interface View {
    boolean nodeExists(String node);

    Optional<Pod> pod(String namespace, String name);

    /**
     * A pod.
     *
     * @param node where it runs; null if that is not known
     * @param addresses those that it reports; empty if none yet
     */
    record Pod(@Nullable String node, List<IpAddress> addresses) {
      public Pod {
        addresses = List.copyOf(addresses);
      }
    }
  }

  /** What one run has released. */
  public record Collected(List<String> handles, List<Prefix> blocks, List<String> nodes) {
    public Collected {
      handles = List.copyOf(handles);
      blocks = List.copyOf(blocks);
      nodes = List.copyOf(nodes);
    }
  }

  private final Ipam ipam;
  private final View view;
  private final IpamVariant variant;
  private final Duration gracePeriod;
  private final Map<Leak, Instant> suspects = new HashMap<>();
  private final Map<Prefix, Instant> emptySince = new HashMap<>();

  /** An address that seems to be nobody's: another assignment of it is another suspect. */
  private record Leak(IpAddress address, @Nullable String handle, long sequence) {}

  /**
   * @param gracePeriod how long an address on a living node must be unused; zero to collect only
   *     what nodes that are gone have left
   */
  public GarbageCollector(Ipam ipam, View view, IpamVariant variant, Duration gracePeriod) {
    this.ipam = ipam;
    this.view = view;
    this.variant = variant;
    this.gracePeriod = gracePeriod;
  }

  /** One allocation as it is judged. */
  private record Allocation(Leak leak, @Nullable String node, Judgement judgement) {}

  private enum Judgement {
    IN_USE,
    LEAKED,
    /** Neither a pod's nor a tunnel's: its node cannot be cleaned up. */
    UNKNOWN
  }

  /** Looks once and releases what may go. */
  public Collected run(Instant now) throws IpamException {
    var blocks = ipam.blocks();
    var allocations = judged(blocks);
    var handles = new ArrayList<String>();
    var gone = new HashSet<Leak>();
    releaseLeaks(allocations, now, handles, gone);
    var released = new ArrayList<Prefix>();
    releaseEmpty(handles.isEmpty() ? blocks : ipam.blocks(), now, released);
    return new Collected(handles, released, cleanNodes(blocks, allocations, gone));
  }

  private List<Allocation> judged(List<Block> blocks) {
    var found = new ArrayList<Allocation>();
    for (var block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        var user = block.user(i);
        if (user == null || isWindows(user)) {
          continue;
        }
        var leak = new Leak(block.address(i), Block.cut(user.handle()), block.sequenceNumber(i));
        var node = user.secondary().get("node");
        found.add(new Allocation(leak, node, judge(leak.address, node, user.secondary())));
      }
    }
    return found;
  }

  private static boolean isWindows(Block.Attributes user) {
    return HostReservation.WINDOWS_HANDLE.equalsIgnoreCase(user.handle());
  }

  private Judgement judge(IpAddress address, @Nullable String node, Map<String, String> attrs) {
    var type = attrs.getOrDefault("type", "");
    if (TunnelAddresses.Kind.isTunnel(type)) {
      return node == null || view.nodeExists(node) ? Judgement.IN_USE : Judgement.LEAKED;
    }
    var namespace = attrs.get("namespace");
    var name = attrs.get("pod");
    if (namespace == null || name == null) {
      return Judgement.UNKNOWN;
    }
    var pod = view.pod(namespace, name).orElse(null);
    boolean used =
        pod != null
            && (pod.node() == null || node == null || pod.node().equals(node))
            && (pod.addresses().isEmpty() || pod.addresses().contains(address));
    return used ? Judgement.IN_USE : Judgement.LEAKED;
  }

  private void releaseLeaks(
      List<Allocation> allocations, Instant now, List<String> handles, Set<Leak> gone)
      throws IpamException {
    var confirmed = new HashSet<Leak>();
    var seen = new HashSet<Leak>();
    for (var allocation : allocations) {
      if (allocation.judgement != Judgement.LEAKED) {
        continue;
      }
      seen.add(allocation.leak);
      var since = suspects.computeIfAbsent(allocation.leak, _ -> now);
      boolean nodeGone = allocation.node != null && !view.nodeExists(allocation.node);
      boolean unusedForLong =
          !gracePeriod.isZero() && Duration.between(since, now).compareTo(gracePeriod) >= 0;
      if (nodeGone || unusedForLong) {
        confirmed.add(allocation.leak);
      }
    }
    suspects.keySet().retainAll(seen);
    for (var entry : byHandle(allocations).entrySet()) {
      // A handle with one address in use belongs to somebody who lives.
      if (confirmed.containsAll(entry.getValue())) {
        release(entry.getKey(), entry.getValue());
        handles.add(entry.getKey());
        gone.addAll(entry.getValue());
      }
    }
    suspects.keySet().removeAll(gone);
  }

  private static Map<String, Set<Leak>> byHandle(List<Allocation> allocations) {
    var found = new LinkedHashMap<String, Set<Leak>>();
    for (var allocation : allocations) {
      if (allocation.leak.handle != null) {
        found
            .computeIfAbsent(allocation.leak.handle, _ -> new LinkedHashSet<>())
            .add(allocation.leak);
      }
    }
    return found;
  }

  private void release(String handle, Set<Leak> leaks) throws IpamException {
    if (variant == IpamVariant.MASTER) {
      var released =
          ipam.release(
              leaks.stream()
                  .map(leak -> new ReleaseOption(leak.address, handle, leak.sequence))
                  .toList());
      if (released.error() != null) {
        throw new IpamException(released.error());
      }
      return;
    }
    try {
      ipam.releaseByHandle(handle);
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.NotExist)) {
        throw e;
      }
      // A handle that nobody counted: its addresses are released one by one.
      ipam.releaseIps(leaks.stream().map(Leak::address).toList());
    }
  }

  private void releaseEmpty(List<Block> blocks, Instant now, List<Prefix> released)
      throws IpamException {
    var byHost = new TreeMap<String, List<Block>>();
    var empty = new HashSet<Prefix>();
    for (var block : blocks) {
      block.host().ifPresent(h -> byHost.computeIfAbsent(h, _ -> new ArrayList<>()).add(block));
      if (block.isEmpty()) {
        empty.add(block.cidr());
      }
    }
    emptySince.keySet().retainAll(empty);
    for (var own : byHost.values()) {
      var left = new ArrayList<>(own);
      for (var block : own) {
        if (block.isEmpty() && mayGo(block, left, now)) {
          ipam.releaseBlockAffinity(block, true);
          left.remove(block);
          released.add(block.cidr());
        }
      }
    }
  }

  private boolean mayGo(Block block, List<Block> ofHost, Instant now) {
    if (variant == IpamVariant.MASTER) {
      var since = emptySince.computeIfAbsent(block.cidr(), _ -> now);
      return !since.equals(now) && Duration.between(since, now).compareTo(gracePeriod) >= 0;
    }
    int free = 0;
    for (var other : ofHost) {
      free += other == block ? 0 : other.freeCount();
    }
    return ofHost.size() > 1 && free >= SPARE;
  }

  private List<String> cleanNodes(
      List<Block> blocks, List<Allocation> allocations, Set<Leak> gone) {
    var nodes = new TreeSet<String>();
    blocks.forEach(block -> block.host().ifPresent(nodes::add));
    var busy = new HashSet<String>();
    for (var allocation : allocations) {
      if (allocation.node != null) {
        nodes.add(allocation.node);
        if (!gone.contains(allocation.leak)) {
          busy.add(allocation.node);
        }
      }
    }
    var cleaned = new ArrayList<String>();
    for (var node : nodes) {
      if (view.nodeExists(node) || busy.contains(node)) {
        continue;
      }
      try {
        ipam.releaseHostAffinities(node, true);
        cleaned.add(node);
      } catch (IpamException e) {
        log.warn("node {} keeps blocks: {}", node, e.getMessage());
      }
    }
    return cleaned;
  }
}
