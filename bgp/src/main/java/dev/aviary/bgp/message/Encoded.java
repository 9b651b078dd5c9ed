package dev.aviary.bgp.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Encoded messages on their way to one or many connections. Who made it releases it; a connection
 * keeps its own hold on what it still has to write.
 */
public final class Encoded {
  /** Nothing; never released. */
  public static final Encoded EMPTY = new Encoded(Unpooled.EMPTY_BUFFER);

  private final ByteBuf octets;

  private Encoded(ByteBuf octets) {
    this.octets = octets;
  }

  /** Room for about {@code size} octets; grows. */
  public static Encoded allocate(int size) {
    return new Encoded(ByteBufAllocator.DEFAULT.directBuffer(size));
  }

  /** {@code message} alone. */
  public static Encoded of(Message message) {
    var encoded = allocate(64);
    MessageCodec.encode(message, encoded.octets);
    return encoded;
  }

  /** How many octets there are. */
  public int size() {
    return octets.writerIndex();
  }

  /** Adds {@code message}. */
  public void add(Message message) {
    MessageCodec.encode(message, octets);
  }

  /** For packing and for connections only. */
  public ByteBuf octets() {
    return octets;
  }

  /** Gives it up. */
  public void release() {
    octets.release();
  }
}
