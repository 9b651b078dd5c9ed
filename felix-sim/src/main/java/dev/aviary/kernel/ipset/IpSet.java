package dev.aviary.kernel.ipset;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
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
  private final ElementIndex index;
  private String name;

  /** No entry times out before: milliseconds of the clock. */
  private long earliest = Long.MAX_VALUE;

  IpSet(String name, IpSetType type, Options options, InstantSource clock) {
    this.name = name;
    this.type = type;
    this.options = options;
    this.clock = clock;
    this.entries = new LinkedHashMap<>();
    this.index =
        new ElementIndex(
            options.family(), type.parts().stream().filter(IpSetType.Part::isAddress).count() > 1);
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
    entries.put(element, entry);
    if (type != IpSetType.LIST_SET) {
      index.put(element, entry.nomatch());
    }
    if (entry.expires() != 0) {
      earliest = Math.min(earliest, entry.expires());
    }
  }

  void remove(Element element) {
    if (entries.remove(element) != null && type != IpSetType.LIST_SET) {
      index.remove(element);
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

  private void purge() {
    if (earliest == Long.MAX_VALUE) {
      return;
    }
    long now = clock.millis();
    if (now < earliest) {
      return;
    }
    earliest = Long.MAX_VALUE;
    for (var each : List.copyOf(entries.entrySet())) {
      long expires = each.getValue().expires();
      if (expires != 0 && expires <= now) {
        remove(each.getKey());
      } else if (expires != 0) {
        earliest = Math.min(earliest, expires);
      }
    }
  }

  /** True if {@code element}'s text is in it, as {@code ipset test} asks. */
  boolean test(Element element) {
    purge();
    if (type == IpSetType.HASH_NET && element.first() != null) {
      var first = element.first();
      return index.find(first.address(), first.length(), 0, -1, null) == ElementIndex.Hit.MATCH;
    }
    var entry = entries.get(element);
    return entry != null && !entry.nomatch();
  }

  /**
   * True if the packet is in it.
   *
   * @param sources for each part whether the packet's source or its destination is meant
   * @param lookup finds the members of a list:set
   */
  boolean matches(PacketView packet, List<Boolean> sources, IpSets lookup) {
    purge();
    if (type == IpSetType.LIST_SET) {
      for (var element : entries.keySet()) {
        var member = element.set() == null ? Optional.<IpSet>empty() : lookup.find(element.set());
        if (member.isPresent() && member.get().matches(packet, sources, lookup)) {
          return true;
        }
      }
      return false;
    }
    return sources.size() >= type.parts().size() && find(packet, sources) == ElementIndex.Hit.MATCH;
  }

  private ElementIndex.Hit find(PacketView packet, List<Boolean> sources) {
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
            return ElementIndex.Hit.NONE;
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
            return ElementIndex.Hit.NONE;
          }
        }
        case SET -> {}
      }
    }
    return index.find(first, Integer.MAX_VALUE, protocol, port, second);
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
