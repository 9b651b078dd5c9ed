package dev.aviary.ipam;

import java.util.Optional;

/**
 * Who may own blocks: a host, or on newer versions something that is no host, such as the load
 * balancer's controller. A host and a virtual owner of one name are distinct.
 */
public final class BlockOwner {
  private final Kind kind;
  private final String name;
  private final String text;

  BlockOwner(Kind kind, String name) {
    this.kind = kind;
    this.name = name;
    this.text = kind.text + ":" + name;
  }

  /** What the owner is. */
  public enum Kind {
    HOST("host"),
    VIRTUAL("virtual");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As it stands before the colon of a block's affinity. */
    public String text() {
      return text;
    }
  }

  static BlockOwner host(String name) {
    return new BlockOwner(Kind.HOST, name);
  }

  public Kind kind() {
    return kind;
  }

  public String name() {
    return name;
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof BlockOwner owner && text.equals(owner.text));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  /** From a block's affinity; empty if it has another form. */
  static Optional<BlockOwner> parse(String affinity) {
    for (var kind : Kind.values()) {
      if (affinity.startsWith(kind.text() + ":")) {
        return Optional.of(new BlockOwner(kind, affinity.substring(kind.text().length() + 1)));
      }
    }
    return Optional.empty();
  }

  /** As a block's affinity has it. */
  public String text() {
    return text;
  }
}
