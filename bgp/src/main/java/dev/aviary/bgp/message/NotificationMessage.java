package dev.aviary.bgp.message;

import dev.aviary.bgp.route.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** RFC 4271 §4.5: why the sender closes the session. */
public record NotificationMessage(int code, int subcode, Octets data) implements Message {
  private static final int CEASE = 6;
  private static final int TEXT_LIMIT = 255;

  /** {@code error} without data. */
  public static NotificationMessage of(BgpError error) {
    return of(error, Octets.NONE);
  }

  /** {@code error} with {@code data}. */
  public static NotificationMessage of(BgpError error, Octets data) {
    return new NotificationMessage(error.code(), error.subcode(), data);
  }

  /** A Cease with a text for the peer's operator (RFC 9003), cut to 255 octets at a character. */
  public static NotificationMessage of(BgpError error, String text) {
    if (text.isEmpty()) {
      return of(error);
    }
    int end = text.length();
    while (text.substring(0, end).getBytes(StandardCharsets.UTF_8).length > TEXT_LIMIT) {
      end = text.offsetByCodePoints(end, -1);
    }
    var octets = text.substring(0, end).getBytes(StandardCharsets.UTF_8);
    var data = new byte[octets.length + 1];
    data[0] = (byte) octets.length;
    System.arraycopy(octets, 0, data, 1, octets.length);
    return of(error, Octets.of(data));
  }

  /** What it names, if it is known. */
  public Optional<BgpError> error() {
    return BgpError.find(code, subcode);
  }

  /** True for a Cease: no defect, somebody decided so. */
  public boolean isCease() {
    return code == CEASE;
  }

  /**
   * The operator's text of RFC 9003; empty where there is none or its length or encoding is bad.
   */
  public Optional<String> text() {
    boolean carriesText =
        isCease()
            && (subcode == BgpError.ADMINISTRATIVE_SHUTDOWN.subcode()
                || subcode == BgpError.ADMINISTRATIVE_RESET.subcode());
    if (!carriesText || data.length() < 2 || data.at(0) == 0 || data.at(0) > data.length() - 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(data.toArray(), 1, data.at(0)))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** As BIRD words it, with the operator's text in quotes; control characters are blanked. */
  public String describe() {
    var name = error().map(BgpError::text).orElse("Unknown error " + code + "." + subcode);
    return text()
        .map(text -> name + ": \"" + text.replaceAll("\\p{Cntrl}", " ") + "\"")
        .orElse(name);
  }

  @Override
  public int type() {
    return MessageCodec.NOTIFICATION;
  }
}
