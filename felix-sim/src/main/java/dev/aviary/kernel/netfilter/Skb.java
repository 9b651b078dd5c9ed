package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.conntrack.Tracking;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A packet inside one kernel, with what that kernel knows of it (a socket buffer). */
public final class Skb {
  private final Packet packet;
  private final Tracking tracking = new Tracking();
  private @Nullable String inDevice;
  private @Nullable String outDevice;
  private int mark;
  private boolean traced;
  private int traceId;
  private PacketType type = PacketType.HOST;
  private int socketUid = -1;
  private @Nullable MacAddress macTo;
  private @Nullable MacAddress macFrom;
  private @Nullable IpAddress nextHop;
  private @Nullable Runnable afterAnswer;
  private @Nullable HitSink hits;
  private @Nullable Consumer<String> warnings;

  public Skb(Packet packet) {
    this.packet = packet;
  }

  /** Is told of every rule that matches and every chain that ends. */
  @FunctionalInterface
  public interface HitSink {
    void hit(Hit hit);
  }

  public Packet packet() {
    return packet;
  }

  public Tracking tracking() {
    return tracking;
  }

  public @Nullable String inDevice() {
    return inDevice;
  }

  public void setInDevice(@Nullable String inDevice) {
    this.inDevice = inDevice;
    this.traceId = 0;
  }

  public @Nullable String outDevice() {
    return outDevice;
  }

  public void setOutDevice(@Nullable String outDevice) {
    this.outDevice = outDevice;
  }

  public int mark() {
    return mark;
  }

  public void setMark(int mark) {
    this.mark = mark;
  }

  /** True after the TRACE target. */
  public boolean isTraced() {
    return traced;
  }

  public void setTraced() {
    this.traced = true;
  }

  /** The number that nf_tables' tracing gives it; another one after it came in by a device. */
  int traceId(RandomGenerator random) {
    while (traceId == 0) {
      traceId = random.nextInt();
    }
    return traceId;
  }

  void setAfterAnswer(Runnable told) {
    this.afterAnswer = told;
  }

  /** The answer to a rejected packet was sent, or there is none: what waited for that is told. */
  public void answered() {
    var told = afterAnswer;
    afterAnswer = null;
    if (told != null) {
      told.run();
    }
  }

  public PacketType type() {
    return type;
  }

  public void setType(PacketType type) {
    this.type = type;
  }

  /** The user whose socket sent it; -1 if it came from the wire. */
  public int socketUid() {
    return socketUid;
  }

  public void setSocketUid(int socketUid) {
    this.socketUid = socketUid;
  }

  /** The link-layer header in hex, as the log prints it; empty where there is none. */
  public String macHeader() {
    if (macTo == null || macFrom == null) {
      return "";
    }
    return macTo + ":" + macFrom + (packet.family() == IpFamily.IPV4 ? ":08:00" : ":86:dd");
  }

  /** Whom the frame that it came in was sent to; null where there was none. */
  @Nullable MacAddress macTo() {
    return macTo;
  }

  /** Who sent the frame that it came in; null where there was none. */
  @Nullable MacAddress macFrom() {
    return macFrom;
  }

  /** Notes the addresses of the frame it came in. */
  public void setMac(MacAddress to, MacAddress from) {
    this.macTo = to;
    this.macFrom = from;
  }

  /** The next hop that routing chose, or null. */
  public @Nullable IpAddress nextHop() {
    return nextHop;
  }

  public void setNextHop(@Nullable IpAddress nextHop) {
    this.nextHop = nextHop;
  }

  /** Tells whoever listens that something is not as in the real kernel. */
  void warn(String text) {
    if (warnings != null) {
      warnings.accept(text);
    }
  }

  public void setWarnings(@Nullable Consumer<String> warnings) {
    this.warnings = warnings;
  }

  public @Nullable HitSink hits() {
    return hits;
  }

  public void setHits(@Nullable HitSink hits) {
    this.hits = hits;
  }
}
