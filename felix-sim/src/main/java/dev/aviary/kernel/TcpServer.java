package dev.aviary.kernel;

import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The accepting end of a connection: it answers what it is sent, and closes after its peer. */
final class TcpServer implements Sockets.Server {
  private static final byte[] NOTHING = {};

  private final Kernel kernel;
  private final Sockets.Flow flow;
  private final Sockets.Service service;
  private final TcpEnd end;
  private final ByteArrayOutputStream asked = new ByteArrayOutputStream();

  TcpServer(Kernel kernel, Sockets.Flow flow, Sockets.Service service) {
    this.kernel = kernel;
    this.flow = flow;
    this.service = service;
    this.end = new TcpEnd(kernel, flow.local(), flow.peer(), kernel.defaultTtl(), 0, null);
  }

  @Override
  public void received(Packet segment, @Nullable Trace trace, PacketWalk walk) {
    if (segment.hasFlag(TcpFlags.RST)) {
      kernel.sockets().removeServer(flow);
      return;
    }
    int length = end.note(segment);
    if (segment.hasFlag(TcpFlags.SYN)) {
      end.send(TcpFlags.SYN | TcpFlags.ACK, NOTHING, trace, walk);
    } else if (segment.hasFlag(TcpFlags.FIN)) {
      end.send(TcpFlags.FIN | TcpFlags.ACK, NOTHING, trace, walk);
    } else if (length > 0) {
      answer(segment, trace, walk);
    }
  }

  private void answer(Packet segment, @Nullable Trace trace, PacketWalk walk) {
    if (!end.delaysAcknowledgments()) {
      end.send(TcpFlags.ACK, NOTHING, trace, walk);
    }
    asked.writeBytes(segment.payload());
    if (!segment.hasFlag(TcpFlags.PSH)) {
      return; // more of the same question follows
    }
    var answer = service.answer(flow.local(), flow.peer(), asked.toByteArray());
    asked.reset();
    if (answer != null) {
      end.send(TcpFlags.PSH | TcpFlags.ACK, answer, trace, walk);
    }
  }
}
