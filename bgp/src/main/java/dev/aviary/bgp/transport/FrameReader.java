package dev.aviary.bgp.transport;

import dev.aviary.bgp.message.MessageCodec;
import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.MessageCodec.Whole;
import java.util.Arrays;

/**
 * Cuts a stream into messages (RFC 4271 §4.1) and hands them on. Keeps only the beginning of a
 * message that is not whole yet, and judges a header before it waits for the rest.
 */
final class FrameReader {
  private static final byte[] NOTHING = {};

  private final WireHandler handler;
  private byte[] kept = NOTHING;
  private int keptSize;
  private boolean stopped;

  FrameReader(WireHandler handler) {
    this.handler = handler;
  }

  /** Nothing more is handed on, whatever comes. */
  void stop() {
    stopped = true;
    kept = NOTHING;
    keptSize = 0;
  }

  /** How many octets wait for the rest of their message. */
  int kept() {
    return keptSize;
  }

  /** Copies what waits to the front of {@code buffer}, which must have room. */
  void takeKept(byte[] buffer) {
    System.arraycopy(kept, 0, buffer, 0, keptSize);
  }

  /** Reads {@code octets} up to {@code end}; they begin with what was kept. */
  void read(byte[] octets, int end) {
    int at = 0;
    while (!stopped && end - at >= MessageCodec.HEADER) {
      var options = handler.options();
      var bad = MessageCodec.checkHeader(octets, at, options);
      if (bad != null) {
        stop();
        handler.failed(bad);
        return;
      }
      int length = MessageCodec.length(octets, at);
      if (end - at < length) {
        break;
      }
      handler.octets(octets, at, length);
      switch (MessageCodec.decode(octets, at, length, options)) {
        case Whole(var message) -> handler.received(message);
        case Failed failed -> {
          stop();
          handler.failed(failed);
        }
      }
      at += length;
    }
    if (!stopped) {
      keep(octets, at, end);
    }
  }

  private void keep(byte[] octets, int from, int to) {
    keptSize = to - from;
    if (keptSize == 0) {
      kept = NOTHING;
    } else {
      kept = Arrays.copyOfRange(octets, from, to);
    }
  }
}
