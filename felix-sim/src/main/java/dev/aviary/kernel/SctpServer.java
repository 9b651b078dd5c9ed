package dev.aviary.kernel;

import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.SctpChunk;
import org.jspecify.annotations.Nullable;

/** The accepting end of an association: it answers what it is sent, and ends with its peer. */
final class SctpServer implements Sockets.Server {
  private final Kernel kernel;
  private final Sockets.Flow flow;
  private final Sockets.Service service;
  private final SctpEnd end;

  SctpServer(Kernel kernel, Sockets.Flow flow, Sockets.Service service) {
    this.kernel = kernel;
    this.flow = flow;
    this.service = service;
    this.end = new SctpEnd(kernel, flow.local(), flow.peer(), kernel.defaultTtl(), 0, null);
  }

  @Override
  public void received(Packet packet, @Nullable Trace trace, PacketWalk walk) {
    for (var chunk : SctpChunk.of(packet.payload())) {
      switch (chunk.type()) {
        case SctpChunk.INIT -> {
          end.noteInit(chunk);
          end.send(trace, walk, end.init(SctpChunk.INIT_ACK));
        }
        case SctpChunk.COOKIE_ECHO -> end.send(trace, walk, SctpChunk.of(SctpChunk.COOKIE_ACK));
        case SctpChunk.DATA -> answer(chunk, trace, walk);
        case SctpChunk.HEARTBEAT ->
            end.send(trace, walk, SctpChunk.of(SctpChunk.HEARTBEAT_ACK, chunk.value()));
        case SctpChunk.SHUTDOWN -> end.send(trace, walk, SctpChunk.of(SctpChunk.SHUTDOWN_ACK));
        case SctpChunk.ABORT, SctpChunk.SHUTDOWN_COMPLETE -> kernel.sockets().removeServer(flow);
        default -> {} // acknowledgments: nothing here is sent twice
      }
    }
  }

  private void answer(SctpChunk data, @Nullable Trace trace, PacketWalk walk) {
    var sack = end.sack(data);
    var answer = service.answer(flow.local(), flow.peer(), data.message());
    if (answer == null) {
      end.send(trace, walk, sack);
    } else {
      end.send(trace, walk, sack, end.data(answer));
    }
  }
}
