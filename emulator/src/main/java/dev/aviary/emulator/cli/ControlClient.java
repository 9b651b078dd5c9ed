package dev.aviary.emulator.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** Hands a command to the cluster that runs in another terminal, and prints its answer. */
final class ControlClient {
  private ControlClient() {}

  /** The command's exit code there. */
  static int call(Path socket, List<String> arguments, Console console) {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      var out = new DataOutputStream(Channels.newOutputStream(channel));
      ControlFrames.writeArguments(out, arguments);
      return ControlFrames.copyAnswer(
          new DataInputStream(Channels.newInputStream(channel)), console);
    } catch (IOException e) {
      console
          .err()
          .println(
              "aviary: no cluster answers at "
                  + socket
                  + " ("
                  + e.getMessage()
                  + "); start one with: aviary up -f FILE");
      return ExitCodes.ENVIRONMENT;
    }
  }
}
