package dev.aviary.felix.calc;

import dev.aviary.net.IpFamily;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** A set that should be; {@code members} as {@code ipset} prints them. */
public record IpSet(IpFamily family, String id, Type type, SortedSet<String> members) {
  public IpSet {
    members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
  }

  static IpSet of(IpFamily family, String id, Type type, Collection<String> members) {
    return new IpSet(family, id, type, new TreeSet<>(members));
  }

  /** Its name in the kernel. */
  public String name() {
    return CalicoNames.setName(family, id);
  }

  /** The kinds of sets that Felix makes. */
  public enum Type {
    HASH_IP("hash:ip"),
    HASH_NET("hash:net"),
    HASH_IP_PORT("hash:ip,port");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    /** As ipset calls it. */
    public String label() {
      return label;
    }
  }
}
