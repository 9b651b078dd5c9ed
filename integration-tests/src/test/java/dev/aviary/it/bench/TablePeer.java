package dev.aviary.it.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/** One peer of the speaker: it can send a table, and counts what it is told of. */
final class TablePeer implements AutoCloseable {
  private static final int OPEN = 1;
  private static final int UPDATE = 2;
  private static final int KEEPALIVE = 4;
  private static final int BUFFER = 1 << 20;

  private final Socket socket;
  private final DataInputStream in;
  private final TablePrefixes prefixes;
  private final BitSet told = new BitSet();
  private final AtomicInteger known = new AtomicInteger();
  private int count;

  /** Brings the session up. */
  TablePeer(Socket socket, int as, TablePrefixes prefixes) throws IOException {
    this.socket = socket;
    this.prefixes = prefixes;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    var identifier = HexFormat.of().formatHex(socket.getLocalAddress().getAddress());
    var capabilities = "010400010001" + "4104%08x".formatted(as);
    var parameter = "02%02x".formatted(capabilities.length() / 2) + capabilities;
    say(
        OPEN,
        "04%04x0000".formatted(as)
            + identifier
            + "%02x".formatted(parameter.length() / 2)
            + parameter);
    await(OPEN);
    say(KEEPALIVE, "");
    await(KEEPALIVE);
    Thread.ofPlatform().daemon().start(this::listen);
  }

  /** How many prefixes it was told of and still has. */
  int known() {
    return known.get();
  }

  private void say(int type, String body) throws IOException {
    var out = new ByteArrayOutputStream();
    TablePrefixes.message(out, type, HexFormat.of().parseHex(body));
    out.writeTo(socket.getOutputStream());
  }

  private void await(int type) throws IOException {
    for (int heard = 0; heard != type; ) {
      in.skipNBytes(16);
      int length = in.readUnsignedShort();
      heard = in.readUnsignedByte();
      in.skipNBytes(length - 19);
    }
  }

  /** Sends in the background. */
  void send(byte[] octets) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                socket.getOutputStream().write(octets);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private void listen() {
    var body = new byte[4096];
    try {
      while (true) {
        in.skipNBytes(16);
        int length = in.readUnsignedShort() - 19;
        int type = in.readUnsignedByte();
        in.readFully(body, 0, length);
        if (type == UPDATE) {
          int withdrawn = number(body, 0);
          int attributes = number(body, 2 + withdrawn);
          take(body, 2, 2 + withdrawn, false);
          take(body, 4 + withdrawn + attributes, length, true);
        }
      }
    } catch (EOFException | SocketException _) {
      // The measurement is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int number(byte[] octets, int at) {
    return ((octets[at] & 0xff) << 8) | (octets[at + 1] & 0xff);
  }

  private void take(byte[] octets, int from, int to, boolean announced) {
    for (int at = from; at < to; at += 4) {
      int index = prefixes.index(((octets[at + 1] & 0xff) << 16) | number(octets, at + 2));
      if (told.get(index) != announced) {
        told.set(index, announced);
        count += announced ? 1 : -1;
      }
    }
    known.lazySet(count);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
