package dev.aviary.it.bgp;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A peer that says the octets a test tells it, over a socket, and reads what comes. */
final class RawSession implements AutoCloseable {
  static final int OPEN = 1;
  static final int UPDATE = 2;
  static final int NOTIFICATION = 3;
  static final int KEEPALIVE = 4;
  static final int REFRESH = 5;
  static final int END = 0;

  private static final int PATIENCE_MILLIS = 60_000;
  private static final HexFormat HEX = HexFormat.of();

  private final InetAddress local;
  private final InetSocketAddress remote;
  private final long as;
  private String identifier;
  private @Nullable Socket socket;
  private @Nullable DataInputStream in;

  /** What came: its type, {@link #END} at the end, and its body in hex. */
  record Heard(int type, String body) {}

  RawSession(InetAddress local, InetSocketAddress remote, long as) {
    this.local = local;
    this.remote = remote;
    this.as = as;
    identifier = HEX.formatHex(local.getAddress());
  }

  /** From now on its OPENs have the BGP identifier {@code hex}. */
  RawSession identifier(String hex) {
    identifier = hex;
    return this;
  }

  long as() {
    return as;
  }

  String identifier() {
    return identifier;
  }

  /** Listens at its own address, for the speaker to dial. */
  ServerSocket listen(int port) throws IOException {
    var server = new ServerSocket();
    server.setReuseAddress(true);
    server.setSoTimeout(PATIENCE_MILLIS);
    server.bind(new InetSocketAddress(local, port));
    return server;
  }

  /** Takes the connection that the speaker makes. */
  RawSession accept(ServerSocket server) throws IOException {
    return use(server.accept());
  }

  RawSession connect() throws IOException {
    var made = new Socket();
    made.bind(new InetSocketAddress(local, 0));
    made.connect(remote, PATIENCE_MILLIS);
    return use(made);
  }

  private RawSession use(Socket made) throws IOException {
    made.setSoTimeout(PATIENCE_MILLIS);
    made.setTcpNoDelay(true);
    socket = made;
    in = new DataInputStream(made.getInputStream());
    return this;
  }

  private Socket socket() throws IOException {
    var open = socket;
    if (open == null) {
      throw new IOException("not connected");
    }
    return open;
  }

  void octets(String hex) throws IOException {
    try {
      socket().getOutputStream().write(HEX.parseHex(hex));
    } catch (SocketException _) {
      // The speaker has had enough before all was said; what it said is still to be read.
    }
  }

  static String framed(int type, String body) {
    return "ff".repeat(16) + "%04x%02x".formatted(19 + body.length() / 2, type) + body;
  }

  void say(int type, String body) throws IOException {
    octets(framed(type, body));
  }

  /** The capabilities a router has: IPv4, IPv6, refresh, four-octet AS. */
  String usualCapabilities() {
    return "010400010001" + "010400020001" + "0200" + "4104%08x".formatted(as);
  }

  String open(int version, long myAs, int hold, String identifier, String parameters) {
    return "%02x%04x%04x".formatted(version, myAs, hold)
        + identifier
        + "%02x".formatted(parameters.length() / 2)
        + parameters;
  }

  /** An OPEN with one parameter that has all of {@code capabilities}. */
  String open(int hold, String capabilities) {
    var parameter =
        capabilities.isEmpty() ? "" : "02%02x".formatted(capabilities.length() / 2) + capabilities;
    return open(4, as > 65535 ? 23456 : as, hold, identifier(), parameter);
  }

  /** Connects and goes as far as Established, with {@code more} capabilities. */
  RawSession establish(String more) throws IOException {
    return establishWith(usualCapabilities() + more);
  }

  /** Connects and goes as far as Established, with just these capabilities. */
  RawSession establishWith(String capabilities) throws IOException {
    connect();
    say(OPEN, open(90, capabilities));
    await(OPEN);
    say(KEEPALIVE, "");
    await(KEEPALIVE);
    return this;
  }

  /** The next message, of any type. */
  Heard next() throws IOException {
    var from = in;
    if (from == null) {
      throw new IOException("not connected");
    }
    try {
      from.skipNBytes(16);
      int length = from.readUnsignedShort();
      int type = from.readUnsignedByte();
      return new Heard(type, HEX.formatHex(from.readNBytes(length - 19)));
    } catch (EOFException | SocketException _) {
      return new Heard(END, "");
    }
  }

  /** The next message of {@code type}; others are passed by. */
  Heard await(int type) throws IOException {
    for (var heard = next(); ; heard = next()) {
      if (heard.type() == type) {
        return heard;
      }
      if (heard.type() == END || heard.type() == NOTIFICATION) {
        throw new IOException("waited for message type " + type + ", came " + heard);
      }
    }
  }

  /**
   * The UPDATEs with which the speaker tells its IPv4 table again, between the markers of RFC 7313;
   * to be asked of a session that offered them.
   */
  List<String> table() throws IOException {
    say(REFRESH, "00010001");
    var told = new ArrayList<String>();
    for (var heard = next(); ; heard = next()) {
      if (heard.type() == REFRESH && heard.body().equals("00010201")) {
        return told;
      }
      if (heard.type() == REFRESH) {
        told.clear();
      } else if (heard.type() == UPDATE) {
        told.add(heard.body());
      } else if (heard.type() != KEEPALIVE) {
        throw new IOException("waited for the end of the table, came " + heard);
      }
    }
  }

  /** The NOTIFICATION that ends it, in hex; empty if it ends without one. */
  String end() throws IOException {
    for (var heard = next(); ; heard = next()) {
      if (heard.type() == NOTIFICATION) {
        return heard.body();
      }
      if (heard.type() == END) {
        return "";
      }
    }
  }

  /** Closes with a RST. */
  void reset() throws IOException {
    socket().setSoLinger(true, 0);
    socket().close();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
    }
  }

  /** The body of an UPDATE. */
  static String update(String withdrawn, String attributes, String nlri) {
    return "%04x".formatted(withdrawn.length() / 2)
        + withdrawn
        + "%04x".formatted(attributes.length() / 2)
        + attributes
        + nlri;
  }

  /** AS_PATH with one sequence of four-octet numbers. */
  static String path(long... ases) {
    var value = new StringBuilder("02%02x".formatted(ases.length));
    for (long each : ases) {
      value.append("%08x".formatted(each));
    }
    return "4002%02x".formatted(value.length() / 2) + value;
  }

  /** AS_PATH with one sequence of two-octet numbers. */
  static String narrowPath(long... ases) {
    var value = new StringBuilder("02%02x".formatted(ases.length));
    for (long each : ases) {
      value.append("%04x".formatted(each));
    }
    return "4002%02x".formatted(value.length() / 2) + value;
  }

  /** Reads until the end in the background of the caller's thread; hands each UPDATE on. */
  void follow(java.util.function.Consumer<String> updates) throws IOException {
    for (var heard = next(); heard.type() != END; heard = next()) {
      if (heard.type() == UPDATE) {
        updates.accept(heard.body());
      }
    }
  }

  /** Sends many messages in one write. */
  void burst(Iterable<String> messages) throws IOException {
    var all = new ByteArrayOutputStream();
    for (var each : messages) {
      all.writeBytes(HEX.parseHex(each));
    }
    socket().getOutputStream().write(all.toByteArray());
  }
}
