package dev.aviary.bgp;

import dev.aviary.bgp.SpeakerEvent.StateChanged;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.transport.Wire;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what comes to a speaker as MRT, BGP4MP (RFC 6396 §4.4), as route collectors publish it:
 * every message, and every change of a session's state.
 *
 * <pre>
 * +---------+----------+---------+-----+---------+----------+---------+
 * | peer AS | local AS | ifindex | AFI | peer IP | local IP | message |
 * |    4    |    4     |    2    |  2  | 4 or 16 | 4 or 16  |         |
 * +---------+----------+---------+-----+---------+----------+---------+
 * </pre>
 */
public final class MrtUpdates {
  private static final Logger log = LoggerFactory.getLogger(MrtUpdates.class);
  private static final int BGP4MP = 16;
  private static final int MESSAGE = 1;
  private static final int MESSAGE_AS4 = 4;
  private static final int STATE_CHANGE_AS4 = 5;

  /** RFC 6396 §4.4.1: numbered from 1. */
  private static final List<String> STATES =
      List.of("Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established");

  private final BgpSpeaker speaker;
  private final DataOutputStream out;
  private boolean broken;

  private MrtUpdates(BgpSpeaker speaker, OutputStream out) {
    this.speaker = speaker;
    this.out = new DataOutputStream(out);
  }

  /**
   * Records {@code speaker} into {@code out} from now on. If that cannot be written to, recording
   * ends with a line in the log.
   */
  public static void record(BgpSpeaker speaker, OutputStream out) {
    var updates = new MrtUpdates(speaker, out);
    speaker.recorder(updates::message);
    speaker.watcher(updates::event);
  }

  private void message(
      NeighborConfig neighbor,
      AsNumber localAs,
      Wire wire,
      boolean fourOctetAs,
      byte[] octets,
      int from,
      int length) {
    var local = IpAddress.of(wire.local().getAddress().getAddress());
    var remote = IpAddress.of(wire.remote().getAddress().getAddress());
    write(
        speaker.scheduler().instant(),
        fourOctetAs ? MESSAGE_AS4 : MESSAGE,
        body -> {
          as(body, neighbor.as(), fourOctetAs);
          as(body, localAs, fourOctetAs);
          addresses(body, remote, local);
          body.write(octets, from, length);
        });
  }

  /** RFC 6793 §4.1: an AS that does not fit is AS_TRANS. */
  private static void as(DataOutputStream body, AsNumber as, boolean four) throws IOException {
    if (four) {
      body.writeInt(as.bits());
    } else {
      body.writeShort(as.fitsTwoOctets() ? as.bits() : AsNumber.TRANS.bits());
    }
  }

  private static void addresses(DataOutputStream body, IpAddress remote, IpAddress local)
      throws IOException {
    body.writeShort(0); // no interface index
    body.writeShort(remote.family() == IpFamily.IPV6 ? 2 : 1);
    body.write(remote.octets());
    body.write(local.octets());
  }

  private void event(SpeakerEvent event) {
    if (!(event instanceof StateChanged(var name, var at, var before, var after))) {
      return;
    }
    var neighbor = speaker.neighborConfig(name);
    if (neighbor.isEmpty()) {
      return;
    }
    var address = neighbor.get().address();
    var about = speaker.config();
    IpAddress own =
        address.family() == IpFamily.IPV6 && about.ipv6().isPresent()
            ? about.ipv6().get()
            : about.ipv4().isPresent() && address.family() == IpFamily.IPV4
                ? about.ipv4().get()
                : unspecified(address.family());
    write(
        at,
        STATE_CHANGE_AS4,
        body -> {
          body.writeInt(neighbor.get().as().bits());
          body.writeInt(neighbor.get().localAs().orElse(about.as()).bits());
          addresses(body, address, own);
          body.writeShort(STATES.indexOf(before) + 1);
          body.writeShort(STATES.indexOf(after) + 1);
        });
  }

  private static IpAddress unspecified(IpFamily family) {
    return IpAddress.of(family == IpFamily.IPV6 ? "::" : "0.0.0.0");
  }

  @FunctionalInterface
  private interface Body {
    void write(DataOutputStream body) throws IOException;
  }

  private void write(Instant at, int subtype, Body body) {
    if (broken) {
      return;
    }
    try {
      var octets = new ByteArrayOutputStream();
      body.write(new DataOutputStream(octets));
      out.writeInt((int) at.getEpochSecond());
      out.writeShort(BGP4MP);
      out.writeShort(subtype);
      out.writeInt(octets.size());
      octets.writeTo(out);
    } catch (IOException e) {
      broken = true;
      log.warn("{}: recording ends: {}", speaker.config().name(), e.getMessage());
    }
  }
}
