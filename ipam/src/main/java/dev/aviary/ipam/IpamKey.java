package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;

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

  private static String familyName(IpFamily family) {
    return family == IpFamily.IPV4 ? "ipv4" : "ipv6";
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
    public String id() {
      return "BlockKey(cidr=" + cidr + ")";
    }
  }

  /** A host's claim on a block. */
  record AffinityKey(String host, Prefix cidr) implements IpamKey {
    @Override
    public String path() {
      return affinities(host, cidr.family()) + dashed(cidr);
    }

    @Override
    public String id() {
      return "BlockAffinityKey(cidr=" + cidr + ", host=" + host + ")";
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
  String HANDLES = "/calico/ipam/v2/handle/";

  /** The prefix of the paths of all blocks of {@code family}. */
  static String blocks(IpFamily family) {
    return ALL_BLOCKS + familyName(family) + "/block/";
  }

  /** The prefix of the paths of {@code host}'s affinities of {@code family}. */
  static String affinities(String host, IpFamily family) {
    return ALL_AFFINITIES + host + "/" + familyName(family) + "/block/";
  }
}
