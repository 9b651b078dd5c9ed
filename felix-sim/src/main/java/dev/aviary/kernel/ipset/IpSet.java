package dev.aviary.kernel.ipset;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One set. A lookup costs one hash per prefix length in use, whatever the number of entries. */
public final class IpSet {
  /** How a set was created; numbers are those of {@code ipset create}, -1 where not given. */
  public record Options(
      IpFamily family,
      int hashSize,
      int maxElements,
      int timeout,
      boolean counters,
      boolean comment,
      int bucketSize,
      int initval,
      int rangeLow,
      int rangeHigh,
      int listSize) {}

  /** What hangs on an element. {@code expires} is in milliseconds, 0 for never. */
  record Entry(boolean nomatch, long expires, String comment) {}

  private final IpSetType type;
  private final Options options;
  private final InstantSource clock;
  private final Map<Element, Entry> entries;
  private final int[] firstLengths = new int[129];
  private final int[] secondLengths = new int[129];
  private String name;
  private boolean anyTimeout;

  IpSet(String name, IpSetType type, Options options, InstantSource clock) {
    this.name = name;
    this.type = type;
    this.options = options;
    this.clock = clock;
    this.entries = new LinkedHashMap<>();
  }

  public String name() {
    return name;
  }

  void setName(String name) {
    this.name = name;
  }

  public IpSetType type() {
    return type;
  }

  public Options options() {
    return options;
  }

  /** The number of entries that have not timed out. */
  public int size() {
    purge();
    return entries.size();
  }

  /** The members as {@code ipset list} prints them, options included, in its order. */
  public List<String> members() {
    var lines = new ArrayList<String>();
    for (var element : sorted()) {
      lines.add(member(element));
    }
    return lines;
  }

  List<Element> sorted() {
    purge();
    var list = new ArrayList<>(entries.keySet());
    switch (type) {
      case LIST_SET -> {}
      case BITMAP_PORT -> list.sort(null);
      case HASH_IP,
          HASH_NET,
          HASH_IP_PORT,
          HASH_NET_PORT,
          HASH_NET_NET,
          HASH_IP_PORT_IP,
          HASH_IP_PORT_NET ->
          list.sort(Comparator.comparingInt(this::bucket));
    }
    return list;
  }

  private int bucket(Element element) {
    int size = options.hashSize();
    while (size < entries.size()) {
      size *= 2; // it grows with its contents
    }
    return HashOrder.bucket(type, element, options.initval(), size);
  }

  String member(Element element) {
    var entry = entries.get(element);
    var out = new StringBuilder(element.toString());
    if (entry == null) {
      return out.toString();
    }
    if (options.timeout() >= 0) {
      long left = entry.expires() == 0 ? 0 : (entry.expires() - clock.millis()) / 1000;
      out.append(" timeout ").append(left);
    }
    if (options.counters()) {
      out.append(" packets 0 bytes 0");
    }
    if (entry.nomatch()) {
      out.append(" nomatch");
    }
    if (!entry.comment().isEmpty()) {
      out.append(" comment \"").append(entry.comment()).append('"');
    }
    return out.toString();
  }

  Collection<Element> elements() {
    return entries.keySet();
  }

  @Nullable Entry get(Element element) {
    purge();
    return entries.get(element);
  }

  /** Adds or replaces. */
  void put(Element element, Entry entry) {
    if (entries.put(element, entry) == null) {
      count(element, 1);
    }
    anyTimeout |= entry.expires() != 0;
  }

  void remove(Element element) {
    if (entries.remove(element) != null) {
      count(element, -1);
    }
  }

  Map<Element, Entry> copy() {
    return new LinkedHashMap<>(entries);
  }

  void clear() {
    for (var element : List.copyOf(entries.keySet())) {
      remove(element);
    }
  }

  private void count(Element element, int change) {
    if (element.first() != null) {
      firstLengths[element.first().length()] += change;
    }
    if (element.second() != null) {
      secondLengths[element.second().length()] += change;
    }
  }

  private void purge() {
    if (!anyTimeout) {
      return;
    }
    long now = clock.millis();
    for (var each : List.copyOf(entries.entrySet())) {
      if (each.getValue().expires() != 0 && each.getValue().expires() <= now) {
        remove(each.getKey());
      }
    }
  }

  /** True if {@code element}'s text is in it, as {@code ipset test} asks. */
  boolean test(Element element) {
    purge();
    if (type == IpSetType.HASH_NET && element.first() != null) {
      var entry = longest(element.first().address(), element.first().length());
      return entry != null && !entry.nomatch();
    }
    var entry = entries.get(element);
    return entry != null && !entry.nomatch();
  }

  private @Nullable Entry longest(IpAddress address, int limit) {
    for (int bits = Math.min(limit, address.family().bits()); bits >= 0; bits--) {
      if (firstLengths[bits] > 0) {
        var entry = entries.get(new Element(Prefix.of(address, bits), 0, -1, null, null));
        if (entry != null) {
          return entry;
        }
      }
    }
    return null;
  }

  /**
   * True if the packet is in it.
   *
   * @param sources for each part whether the packet's source or its destination is meant
   * @param lookup finds the members of a list:set
   */
  boolean matches(PacketView packet, List<Boolean> sources, IpSets lookup) {
    if (anyTimeout) {
      purge();
    }
    if (type == IpSetType.LIST_SET) {
      for (var element : entries.keySet()) {
        var member = element.set() == null ? Optional.<IpSet>empty() : lookup.find(element.set());
        if (member.isPresent() && member.get().matches(packet, sources, lookup)) {
          return true;
        }
      }
      return false;
    }
    if (sources.size() < type.parts().size()) {
      return false;
    }
    var entry = find(packet, sources);
    return entry != null && !entry.nomatch();
  }

  private @Nullable Entry find(PacketView packet, List<Boolean> sources) {
    IpAddress first = null;
    IpAddress second = null;
    int protocol = 0;
    int port = -1;
    for (int i = 0; i < type.parts().size(); i++) {
      boolean source = sources.get(i);
      switch (type.parts().get(i)) {
        case IP, NET -> {
          var address = packet.address(source);
          if (address.family() != options.family()) {
            return null;
          }
          if (first == null) {
            first = address;
          } else {
            second = address;
          }
        }
        case PORT -> {
          port = packet.port(source);
          protocol = type == IpSetType.BITMAP_PORT ? 0 : packet.protocol();
          if (port < 0) {
            return null;
          }
        }
        case SET -> {}
      }
    }
    if (first == null) {
      return entries.get(new Element(null, protocol, port, null, null));
    }
    for (int bits = first.family().bits(); bits >= 0; bits--) {
      if (firstLengths[bits] > 0) {
        var entry = find(Prefix.of(first, bits), protocol, port, second);
        if (entry != null) {
          return entry;
        }
      }
    }
    return null;
  }

  private @Nullable Entry find(Prefix first, int protocol, int port, @Nullable IpAddress second) {
    if (second == null) {
      return entries.get(new Element(first, protocol, port, null, null));
    }
    for (int bits = second.family().bits(); bits >= 0; bits--) {
      if (secondLengths[bits] > 0) {
        var entry = entries.get(new Element(first, protocol, port, Prefix.of(second, bits), null));
        if (entry != null) {
          return entry;
        }
      }
    }
    return null;
  }

  /** The header line's content of {@code ipset list}, and the options of {@code ipset save}. */
  String header() {
    var out = new StringBuilder();
    if (type == IpSetType.LIST_SET) {
      out.append("size ").append(options.listSize());
    } else if (type == IpSetType.BITMAP_PORT) {
      out.append("range ").append(options.rangeLow()).append('-').append(options.rangeHigh());
    } else {
      out.append("family ").append(options.family() == IpFamily.IPV4 ? "inet" : "inet6");
      out.append(" hashsize ").append(options.hashSize());
      out.append(" maxelem ").append(options.maxElements());
    }
    if (options.timeout() >= 0) {
      out.append(" timeout ").append(options.timeout());
    }
    if (options.counters()) {
      out.append(" counters");
    }
    if (options.comment()) {
      out.append(" comment");
    }
    if (type.isHash()) {
      out.append(" bucketsize ").append(options.bucketSize());
      out.append(String.format(Locale.ROOT, " initval 0x%08x", options.initval()));
    }
    return out.toString();
  }

  /** Roughly what the kernel would need for it, in octets. */
  int memory() {
    return type.baseOctets() + size() * type.octetsPerEntry();
  }
}
