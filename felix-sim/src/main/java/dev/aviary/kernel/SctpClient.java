package dev.aviary.kernel;

import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.SctpChunk;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The end that opens an association: four packets until it stands (RFC 9260 §5.1). */
final class SctpClient {
  private final SctpEnd end;
  private boolean open;
  private boolean refused;
  private @Nullable String answer;

  SctpClient(SctpEnd end) {
    this.end = end;
  }

  @Nullable String begin(PacketWalk walk) {
    return end.send(null, walk, end.init(SctpChunk.INIT));
  }

  /** True from the other end's COOKIE ACK on, until it is closed. */
  boolean isOpen() {
    return open;
  }

  /** True once the other end would not, or would not any more. */
  boolean isRefused() {
    return refused;
  }

  /** What was answered last, or null. */
  @Nullable String answer() {
    return answer;
  }

  void ask(String payload, PacketWalk walk) {
    answer = null;
    end.send(null, walk, end.data(payload.getBytes(StandardCharsets.ISO_8859_1)));
  }

  void received(Packet packet, @Nullable Trace trace, PacketWalk walk) {
    if (!end.isFor(packet)) {
      return;
    }
    for (var chunk : SctpChunk.of(packet.payload())) {
      switch (chunk.type()) {
        case SctpChunk.INIT_ACK -> {
          end.noteInit(chunk);
          end.send(trace, walk, SctpChunk.of(SctpChunk.COOKIE_ECHO, new byte[4]));
        }
        case SctpChunk.COOKIE_ACK -> open = true;
        case SctpChunk.DATA -> {
          answer = new String(chunk.message(), StandardCharsets.ISO_8859_1);
          end.send(trace, walk, end.sack(chunk));
        }
        case SctpChunk.HEARTBEAT ->
            end.send(trace, walk, SctpChunk.of(SctpChunk.HEARTBEAT_ACK, chunk.value()));
        case SctpChunk.ABORT -> {
          refused = true;
          open = false;
        }
        case SctpChunk.SHUTDOWN_ACK -> {
          open = false;
          end.send(trace, walk, SctpChunk.of(SctpChunk.SHUTDOWN_COMPLETE));
        }
        default -> {} // acknowledgments: nothing here is sent twice
      }
    }
  }

  void close(PacketWalk walk) {
    end.send(null, walk, end.shutdown());
  }

  void abort(PacketWalk walk) {
    open = false;
    end.send(null, walk, SctpChunk.of(SctpChunk.ABORT));
  }
}
