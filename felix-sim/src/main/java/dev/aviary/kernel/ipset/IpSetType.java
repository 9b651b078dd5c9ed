package dev.aviary.kernel.ipset;

import java.util.List;
import java.util.Optional;

/** The kinds of sets: what an element is made of. */
public enum IpSetType {
  HASH_IP("hash:ip", 6, 216, 40, Part.IP),
  HASH_NET("hash:net", 7, 456, 48, Part.NET),
  HASH_IP_PORT("hash:ip,port", 7, 224, 48, Part.IP, Part.PORT),
  HASH_NET_PORT("hash:net,port", 8, 464, 48, Part.NET, Part.PORT),
  HASH_NET_NET("hash:net,net", 4, 712, 64, Part.NET, Part.NET),
  HASH_IP_PORT_IP("hash:ip,port,ip", 7, 224, 56, Part.IP, Part.PORT, Part.IP),
  HASH_IP_PORT_NET("hash:ip,port,net", 8, 464, 56, Part.IP, Part.PORT, Part.NET),
  BITMAP_PORT("bitmap:port", 3, 8296, 0, Part.PORT),
  LIST_SET("list:set", 3, 80, 64, Part.SET);

  /** One part of an element. */
  public enum Part {
    IP,
    NET,
    PORT,
    SET;

    boolean isAddress() {
      return this == IP || this == NET;
    }
  }

  private final String text;
  private final int revision;
  private final int baseOctets;
  private final int octetsPerEntry;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Part> parts;

  IpSetType(String text, int revision, int baseOctets, int octetsPerEntry, Part... parts) {
    this.text = text;
    this.revision = revision;
    this.baseOctets = baseOctets;
    this.octetsPerEntry = octetsPerEntry;
    this.parts = List.of(parts);
  }

  /** Its name, as {@code ipset create} takes it. */
  public String text() {
    return text;
  }

  /** The revision that {@code ipset list} shows. */
  public int revision() {
    return revision;
  }

  int baseOctets() {
    return baseOctets;
  }

  int octetsPerEntry() {
    return octetsPerEntry;
  }

  /** What an element consists of. */
  public List<Part> parts() {
    return parts;
  }

  boolean isHash() {
    return text.startsWith("hash:");
  }

  /** The type that {@code ipset} calls {@code text}. */
  public static Optional<IpSetType> parse(String text) {
    for (var type : values()) {
      if (type.text.equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
