package dev.aviary.bgp.route;

import org.jspecify.annotations.Nullable;

/** The path attributes that are known here: code, flags and who may carry them across ASes. */
public enum AttributeType {
  ORIGIN(1, 0x40),
  AS_PATH(2, 0x40),
  NEXT_HOP(3, 0x40),
  MULTI_EXIT_DISC(4, 0x80),
  LOCAL_PREF(5, 0x40),
  ATOMIC_AGGREGATE(6, 0x40),
  AGGREGATOR(7, 0xc0),
  /** RFC 1997. */
  COMMUNITIES(8, 0xc0),
  /** RFC 4456. */
  ORIGINATOR_ID(9, 0x80),
  /** RFC 4456. */
  CLUSTER_LIST(10, 0x80),
  /** RFC 4760. */
  MP_REACH_NLRI(14, 0x80),
  /** RFC 4760. */
  MP_UNREACH_NLRI(15, 0x80),
  /** RFC 4360. */
  EXTENDED_COMMUNITIES(16, 0xc0),
  /** RFC 6793. */
  AS4_PATH(17, 0xc0),
  /** RFC 6793. */
  AS4_AGGREGATOR(18, 0xc0),
  /** RFC 5701. */
  IPV6_EXTENDED_COMMUNITIES(25, 0xc0),
  /** RFC 8092. */
  LARGE_COMMUNITIES(32, 0xc0),
  /** RFC 9234: Only to Customer. */
  ONLY_TO_CUSTOMER(35, 0xc0);

  /** Flag bits (RFC 4271 §4.3). */
  public static final int OPTIONAL = 0x80;

  public static final int TRANSITIVE = 0x40;
  public static final int PARTIAL = 0x20;
  public static final int EXTENDED_LENGTH = 0x10;

  private static final @Nullable AttributeType[] BY_CODE = new @Nullable AttributeType[256];

  static {
    for (var type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final int flags;

  AttributeType(int code, int flags) {
    this.code = code;
    this.flags = flags;
  }

  /** Its type code, 1 to 255. */
  public int code() {
    return code;
  }

  /** Its Optional and Transitive bits. */
  public int flags() {
    return flags;
  }

  /** The type with {@code code}, null if it is not known here. */
  public static @Nullable AttributeType find(int code) {
    return BY_CODE[code];
  }
}
