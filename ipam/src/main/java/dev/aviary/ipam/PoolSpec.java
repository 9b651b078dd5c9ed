package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An IPPool as an administrator writes it, and what Calico v3.22 finds wrong with it.
 *
 * @param blockSize null for the family's default
 */
public record PoolSpec(
    String name,
    String cidr,
    @Nullable Integer blockSize,
    String ipipMode,
    String vxlanMode,
    boolean disabled,
    String nodeSelector,
    List<String> allowedUses) {
  private static final Prefix LINK_LOCAL_4 = Prefix.of("169.254.0.0/16");
  private static final Prefix LINK_LOCAL_6 = Prefix.of("fe80::/10");
  private static final String CIDR = "IPPool.Spec.CIDR";
  private static final String BLOCK_SIZE = "IPPool.Spec.BlockSize";
  private static final String NEVER = "Never";

  public PoolSpec {
    allowedUses = List.copyOf(allowedUses);
  }

  /** A mistake in one field. */
  public record Mistake(String field, String value, String reason) {
    @Override
    public String toString() {
      return field + " = '" + value + "' (" + reason + ")";
    }
  }

  /** Calico's text for mistakes. */
  public static String message(List<Mistake> mistakes) {
    return mistakes.size() == 1
        ? "error with field " + mistakes.getFirst()
        : mistakes.stream()
            .map(mistake -> "-  " + mistake)
            .collect(Collectors.joining("\n", "error with the following fields:\n", ""));
  }

  /** The same under another name. */
  public PoolSpec named(String changed) {
    return new PoolSpec(
        changed, cidr, blockSize, ipipMode, vxlanMode, disabled, nodeSelector, allowedUses);
  }

  public PoolSpec withCidr(String changed) {
    return new PoolSpec(
        name, changed, blockSize, ipipMode, vxlanMode, disabled, nodeSelector, allowedUses);
  }

  public PoolSpec withDisabled(boolean changed) {
    return new PoolSpec(
        name, cidr, blockSize, ipipMode, vxlanMode, changed, nodeSelector, allowedUses);
  }

  private Optional<Prefix> prefix() {
    return Prefix.parse(cidr);
  }

  /**
   * What is stored: every default explicit, the prefix without host bits.
   *
   * @throws IllegalArgumentException if the prefix does not parse
   */
  public PoolSpec withDefaults() {
    var prefix = Prefix.of(cidr);
    return new PoolSpec(
        name,
        prefix.toString(),
        blockSize == null ? IpPool.defaultBlockSize(prefix.family()) : blockSize,
        ipipMode.isEmpty() ? NEVER : ipipMode,
        vxlanMode.isEmpty() ? NEVER : vxlanMode,
        disabled,
        nodeSelector.isEmpty() ? "all()" : nodeSelector,
        allowedUses.isEmpty() ? List.of("Workload", "Tunnel") : allowedUses);
  }

  /**
   * What is wrong with it, in the order in which Calico looks.
   *
   * @param before what it was; null if it is new
   * @param others the other pools; a new one must not overlap them
   * @param blocks all blocks; those in a new pool must have its block size
   */
  public List<Mistake> mistakes(
      @Nullable PoolSpec before, List<PoolSpec> others, List<Prefix> blocks) {
    var parsed = prefix();
    if (cidr.isEmpty()) {
      return List.of(new Mistake(CIDR, cidr, "IPPool CIDR must be specified"));
    }
    if (parsed.isEmpty()) {
      return List.of(new Mistake(CIDR, cidr, "IPPool CIDR must be a valid subnet"));
    }
    var found = new ArrayList<Mistake>();
    var full = withDefaults();
    var prefix = parsed.get();
    int size = full.blockSize == null ? 0 : full.blockSize;
    if (before != null) {
      full.changes(before.withDefaults(), found);
    }
    sizes(prefix, size, found);
    if (before == null) {
      overlaps(prefix, others, found);
    }
    full.modes(prefix.family(), found);
    ranges(prefix, found);
    if (found.isEmpty() && before == null) {
      blocks.stream()
          .filter(block -> block.length() != size && block.overlaps(prefix))
          .findFirst()
          .ifPresent(
              _ ->
                  found.add(
                      new Mistake(
                          BLOCK_SIZE,
                          Integer.toString(size),
                          "IPPool blocksSize conflicts with existing allocations that use a"
                              + " different blockSize")));
    }
    return List.copyOf(found);
  }

  private void changes(PoolSpec before, List<Mistake> found) {
    if (!before.cidr.equals(cidr)) {
      found.add(new Mistake(CIDR, cidr, "IPPool CIDR cannot be modified"));
    }
    if (before.blockSize != null && !before.blockSize.equals(blockSize)) {
      found.add(
          new Mistake(
              BLOCK_SIZE, String.valueOf(blockSize), "IPPool BlockSize cannot be modified"));
    }
  }

  private void sizes(Prefix prefix, int size, List<Mistake> found) {
    boolean v4 = prefix.family() == IpFamily.IPV4;
    int least = v4 ? 20 : 116;
    int most = v4 ? 32 : 128;
    if (size < least || size > most) {
      found.add(
          new Mistake(
              BLOCK_SIZE,
              Integer.toString(size),
              "%s block size must be between %d and %d"
                  .formatted(v4 ? "IPv4" : "IPv6", least, most)));
    }
    if (!disabled && prefix.length() > size) {
      found.add(
          new Mistake(
              CIDR,
              cidr,
              "IP pool size is too small for use with Calico IPAM. It must be equal to or greater"
                  + " than the block size."));
    }
  }

  private void overlaps(Prefix prefix, List<PoolSpec> others, List<Mistake> found) {
    for (var other : others) {
      if (!other.name.equals(name) && other.prefix().filter(prefix::overlaps).isPresent()) {
        found.add(
            new Mistake(
                CIDR,
                cidr,
                "IPPool(%s) CIDR overlaps with IPPool(%s) CIDR %s"
                    .formatted(name, other.name, other.cidr)));
      }
    }
  }

  private void modes(IpFamily family, List<Mistake> found) {
    if (!vxlanMode.equals(NEVER) && !ipipMode.equals(NEVER)) {
      found.add(
          new Mistake(
              "IPPool.Spec.VXLANMode",
              vxlanMode,
              "Cannot enable both VXLAN and IPIP on the same IPPool"));
    }
    if (family == IpFamily.IPV6 && !ipipMode.equals(NEVER)) {
      found.add(
          new Mistake(
              "IPPool.Spec.IPIPMode", ipipMode, "IPIP is not supported on an IPv6 IP pool"));
    }
  }

  private void ranges(Prefix prefix, List<Mistake> found) {
    var host = IpAddress.parse(cidr.substring(0, cidr.indexOf('/')));
    if (host.filter(prefix.address()::equals).isEmpty()) {
      found.add(new Mistake(CIDR, cidr, "IPPool CIDR is not strictly masked"));
    }
    if (prefix.overlaps(LINK_LOCAL_4)) {
      found.add(
          new Mistake(
              CIDR, cidr, "IPPool CIDR overlaps with IPv4 Link Local range 169.254.0.0/16"));
    }
    if (prefix.overlaps(LINK_LOCAL_6)) {
      found.add(
          new Mistake(CIDR, cidr, "IPPool CIDR overlaps with IPv6 Link Local range fe80::/10"));
    }
  }
}
