package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.Optional;

/**
 * Where an object lies in the store. {@link #path} is Calico's etcd v3 key; keys sort by its bytes,
 * which decides the order in which a host's blocks are tried.
 */
public sealed interface IpamKey extends Comparable<IpamKey> {

  /** The etcd key. */
  String path();

  /** As Calico's errors print it. */
  String id();

  @Override
  default int compareTo(IpamKey other) {
    return path().compareTo(other.path());
  }

  /** The key whose path is {@code path}; empty if no object of IPAM lies there. */
  static Optional<IpamKey> parse(String path) {
    if (path.equals(new ConfigKey().path())) {
      return Optional.of(new ConfigKey());
    }
    if (path.startsWith(HANDLES)) {
      var handle = path.substring(HANDLES.length());
      return handle.isEmpty() || handle.indexOf('/') >= 0
          ? Optional.empty()
          : Optional.of(new HandleKey(handle));
    }
    if (path.startsWith(ALL_BLOCKS)) {
      var parts = path.substring(ALL_BLOCKS.length()).split("/", -1);
      return parts.length == 3 ? cidr(parts, 0).map(BlockKey::new) : Optional.empty();
    }
    for (var kind : BlockOwner.Kind.values()) {
      if (path.startsWith(affinities(kind))) {
        var parts = path.substring(affinities(kind).length()).split("/", -1);
        return parts.length == 4 && !parts[0].isEmpty()
            ? cidr(parts, 1).map(cidr -> new AffinityKey(new BlockOwner(kind, parts[0]), cidr))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Of "ipv4", "block", "10.0.0.0-26". */
  private static Optional<Prefix> cidr(String[] parts, int from) {
    int dash = parts[from + 2].lastIndexOf('-');
    if (!parts[from + 1].equals("block") || dash < 0) {
      return Optional.empty();
    }
    var text = parts[from + 2].substring(0, dash) + "/" + parts[from + 2].substring(dash + 1);
    return Prefix.parse(text).filter(cidr -> familyName(cidr.family()).equals(parts[from]));
  }

  private static String familyName(IpFamily family) {
    return family == IpFamily.IPV4 ? "ipv4" : "ipv6";
  }

  /** Prefixes of one length differ in their high bits only; tables look at the low ones. */
  private static int spread(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    return (mixed ^ (mixed >>> 13)) * 0xC2B2AE35;
  }

  private static String dashed(Prefix cidr) {
    return cidr.toString().replace('/', '-');
  }

  /** A block. */
  record BlockKey(Prefix cidr) implements IpamKey {
    @Override
    public String path() {
      return blocks(cidr.family()) + dashed(cidr);
    }

    @Override
    public int hashCode() {
      return spread(cidr.hashCode());
    }

    @Override
    public String id() {
      return "BlockKey(cidr=" + cidr + ")";
    }
  }

  /** An owner's claim on a block. */
  record AffinityKey(BlockOwner owner, Prefix cidr) implements IpamKey {
    @Override
    public String path() {
      return affinities(owner, cidr.family()) + dashed(cidr);
    }

    @Override
    public int hashCode() {
      return spread(31 * cidr.hashCode() + owner.hashCode());
    }

    @Override
    public String id() {
      return "BlockAffinityKey(cidr=" + cidr + ", host=" + owner.name() + ")";
    }
  }

  /** What a caller's handle holds. */
  record HandleKey(String handle) implements IpamKey {
    @Override
    public String path() {
      return HANDLES + handle;
    }

    @Override
    public String id() {
      return "IPAMHandleKey(id=" + handle + ")";
    }
  }

  /** The cluster's one configuration. */
  record ConfigKey() implements IpamKey {
    @Override
    public String path() {
      return "/calico/ipam/v2/config";
    }

    @Override
    public String id() {
      return "IPAMConfigKey()";
    }
  }

  String ALL_BLOCKS = "/calico/ipam/v2/assignment/";
  String ALL_AFFINITIES = "/calico/ipam/v2/host/";
  String ALL_VIRTUAL_AFFINITIES = "/calico/ipam/v2/virtual/";
  String HANDLES = "/calico/ipam/v2/handle/";

  /** What the paths of all blocks of {@code family} begin with. */
  static String allBlocks(IpFamily family) {
    return ALL_BLOCKS + familyName(family) + "/";
  }

  private static String blocks(IpFamily family) {
    return allBlocks(family) + "block/";
  }

  /** The prefix of the paths of all affinities of owners of one kind. */
  static String affinities(BlockOwner.Kind kind) {
    return switch (kind) {
      case HOST -> ALL_AFFINITIES;
      case VIRTUAL -> ALL_VIRTUAL_AFFINITIES;
    };
  }

  /** The prefix of the paths of {@code owner}'s affinities of {@code family}. */
  static String affinities(BlockOwner owner, IpFamily family) {
    return affinities(owner.kind()) + owner.name() + "/" + familyName(family) + "/block/";
  }
}
