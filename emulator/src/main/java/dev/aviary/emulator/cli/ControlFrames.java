package dev.aviary.emulator.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What travels on the control socket: the words of a command one way, and the other way its output
 * in pieces, then its exit code.
 *
 * <pre>
 * request   count(4)  { length(4) UTF-8 }*
 * answer    { kind(1): 1 out, 2 err   length(4) octets }*   kind(1): 0 exit   code(4)
 * </pre>
 */
final class ControlFrames {
  private static final int EXIT = 0;
  private static final int OUT = 1;
  private static final int ERR = 2;
  private static final int MAX_ARGUMENTS = 1000;
  private static final int MAX_LENGTH = 1 << 20;

  private ControlFrames() {}

  static void writeArguments(DataOutputStream to, List<String> arguments) throws IOException {
    to.writeInt(arguments.size());
    for (var argument : arguments) {
      var octets = argument.getBytes(StandardCharsets.UTF_8);
      to.writeInt(octets.length);
      to.write(octets);
    }
    to.flush();
  }

  static List<String> readArguments(DataInputStream from) throws IOException {
    int count = bounded(from.readInt(), MAX_ARGUMENTS);
    var arguments = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) {
      arguments.add(new String(octets(from), StandardCharsets.UTF_8));
    }
    return List.copyOf(arguments);
  }

  private static int bounded(int value, int most) throws IOException {
    if (value < 0 || value > most) {
      throw new IOException("a length of " + value + " on the control socket");
    }
    return value;
  }

  private static byte[] octets(DataInputStream from) throws IOException {
    var octets = new byte[bounded(from.readInt(), MAX_LENGTH)];
    from.readFully(octets);
    return octets;
  }

  static int copyAnswer(DataInputStream from, Console console) throws IOException {
    while (true) {
      int kind = from.readUnsignedByte();
      switch (kind) {
        case EXIT -> {
          console.out().flush();
          return from.readInt();
        }
        case OUT -> console.out().write(octets(from));
        case ERR -> console.err().write(octets(from));
        default -> throw new EOFException("the cluster answered with frame " + kind);
      }
    }
  }

  static void writeExit(DataOutputStream to, int code) throws IOException {
    synchronized (to) {
      to.writeByte(EXIT);
      to.writeInt(code);
      to.flush();
    }
  }

  /** A stream whose every write becomes a piece of the answer. */
  static OutputStream pieces(DataOutputStream to, boolean error) {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] octets, int from, int length) throws IOException {
        synchronized (to) {
          to.writeByte(error ? ERR : OUT);
          to.writeInt(length);
          to.write(octets, from, length);
          to.flush();
        }
      }
    };
  }
}
