package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.framed;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

/** UPDATEs: their attributes, and how they are cut. */
final class UpdateClauses extends Clauses {
  @Override
  void fill() {
    attributes();
    flags();
    discarded();
    inside();
    without();
    framing();
  }

  /** P is AS_PATH of the peer, Q the same without its flags. */
  private static String filled(String attributes, Probe p) {
    return attributes.replace("P", p.path()).replace("Q", p.path().substring(2));
  }

  /** A route that was there goes, and the session stays. */
  private void withdraws(String name, String attributes) {
    external(
        name,
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", filled(attributes, p), p.nlri()));
          p.gone();
          p.alive();
        });
  }

  /** A route comes, without the attribute of this code. */
  private void discards(String name, String attributes, int code) {
    external(
        name,
        p -> {
          p.session().establish("");
          p.announce(attributes.replace("P", p.path()));
          assertThat(p.inside().attributes(p.prefix())).doesNotContainKey(code);
          p.alive();
        });
  }

  private void attributes() {
    withdraws("7606 3.c flags of ORIGIN", "c0010100" + "P" + HOP);
    withdraws("7606 7.1 length of ORIGIN", "4001020000" + "P" + HOP);
    withdraws("7606 7.1 value of ORIGIN", "40010103" + "P" + HOP);
    withdraws("7606 7.2 type of segment", IGP + "4002060501" + "0000fde9" + HOP);
    withdraws("7606 7.2 empty segment", IGP + "40020202 00".replace(" ", "") + HOP);
    withdraws("7606 7.2 segment overruns", IGP + "4002060203" + "0000fde9" + HOP);
    withdraws("5065 confederation from outside", IGP + "4002060301" + "0000fde9" + HOP);
    withdraws("7606 7.3 length of NEXT_HOP", IGP + "P" + "400305c000026300");
    withdraws("7606 7.4 length of MED", IGP + "P" + HOP + "800403000000");
    withdraws("7606 3.d no ORIGIN", "P" + HOP);
    withdraws("7606 3.d no AS_PATH", IGP + HOP);
    withdraws("7606 3.d no NEXT_HOP", IGP + "P");
    withdraws("7606 7.8 empty COMMUNITIES", IGP + "P" + HOP + "c00800");
    withdraws("7606 7.8 length of COMMUNITIES", IGP + "P" + HOP + "c008030000fd");
    withdraws(
        "7606 7.14 length of EXTENDED COMMUNITIES", IGP + "P" + HOP + "c01007" + "00".repeat(7));
    withdraws("8092 5 length of LARGE_COMMUNITY", IGP + "P" + HOP + "c0200b" + "00".repeat(11));
    withdraws("7607 AS 0 in AS_PATH", IGP + "40020602010000" + "0000" + HOP);
    withdraws("7606 4 an attribute overruns", IGP + "P" + HOP + "c008ff00");
    discards("7606 7.6 length of ATOMIC_AGGREGATE", IGP + "P" + HOP + "40060100", 6);
    discards("7606 7.7 length of AGGREGATOR", IGP + "P" + HOP + "c00707" + "00".repeat(7), 7);
    discards("7607 AS 0 in AGGREGATOR", IGP + "P" + HOP + "c0070800000000c0000201", 7);
    discards("7606 7.9 ORIGINATOR_ID from outside", IGP + "P" + HOP + "8009040a000063", 9);
    discards("7606 7.10 CLUSTER_LIST from outside", IGP + "P" + HOP + "800a040a000063", 10);
    discards("6793 6 AS4_PATH from a wide peer", IGP + "P" + HOP + "c011060201000000" + "4d", 17);
    discards("4271 5 unknown non-transitive", IGP + "P" + HOP + "80d50401020304", 213);
    external(
        "7606 7.5 LOCAL_PREF from outside",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "400504000003e7");
          assertThat(p.inside().text(p.prefix(), 5)).contains("100");
        });
    external(
        "7606 3.g the first of two counts",
        p -> {
          p.session().establish("");
          p.announce(IGP + "40010102" + p.path() + HOP);
          assertThat(p.inside().text(p.prefix(), 1)).contains("IGP");
          p.alive();
        });
    external(
        "4271 5 unknown transitive is passed on as partial",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "c0d50401020304");
          assertThat(p.inside().flags(p.prefix(), 213)).isEqualTo(0xe0);
        });
    internal(
        "7606 7.9 length of ORIGINATOR_ID inside",
        p -> {
          p.session().establish("");
          p.announce(IGP + "400200" + HOP + PREF);
          p.session()
              .say(UPDATE, update("", IGP + "400200" + HOP + PREF + "8009030a0000", p.nlri()));
          p.gone();
          p.alive();
        });
  }

  /** RFC 7606 §3 (c), even where an error of the length would only discard the attribute. */
  private void flags() {
    withdraws("7606 3.c flags of AS_PATH", IGP + "c0" + "Q" + HOP);
    withdraws("7606 3.c flags of NEXT_HOP", IGP + "P" + "80" + HOP.substring(2));
    withdraws("7606 3.c flags of MED", IGP + "P" + HOP + "c0040400000001");
    withdraws("7606 3.c flags of ATOMIC_AGGREGATE", IGP + "P" + HOP + "c00600");
    withdraws("7606 3.c flags of AGGREGATOR", IGP + "P" + HOP + "8007080000fde9c0000205");
    withdraws("7606 3.c flags of COMMUNITIES", IGP + "P" + HOP + "800804fde90001");
    withdraws("7606 3.c flags of EXTENDED COMMUNITIES", IGP + "P" + HOP + "8010080002fde900000064");
    withdraws("7606 3.c flags of LARGE_COMMUNITY", IGP + "P" + HOP + "40200c" + "00".repeat(12));
    withdraws("7606 4 one stray octet", IGP + "P" + HOP + "c0");
    withdraws("7606 4 two stray octets", IGP + "P" + HOP + "c008");
    withdraws("7606 4 three stray octets", IGP + "P" + HOP + "d00800");
    withdraws("7606 7.2 stray octet", IGP + "4002070201" + "0000fde9" + "00" + HOP);
    withdraws(
        "7606 7.2 a segment after a sound one overruns",
        IGP + "40020a0201" + "0000fde9" + "0202" + "0000" + HOP);
    withdraws("7606 7.14 empty EXTENDED COMMUNITIES", IGP + "P" + HOP + "c01000");
    withdraws("7606 7.15 length of IPv6 ones", IGP + "P" + HOP + "c01913" + "00".repeat(19));
    withdraws("7606 7.15 empty IPv6 ones", IGP + "P" + HOP + "c01900");
    withdraws("8092 5 empty LARGE_COMMUNITY", IGP + "P" + HOP + "c02000");
    withdraws("7606 3.h withdrawing is more than discarding", "40010103" + "P" + HOP + "40060100");
  }

  private void discarded() {
    discards(
        "7606 7.9 ORIGINATOR_ID of 3 octets from outside", IGP + "P" + HOP + "8009030a0000", 9);
    discards("7606 7.10 empty CLUSTER_LIST from outside", IGP + "P" + HOP + "800a00", 10);
    discards(
        "6793 6 AS4_AGGREGATOR from a wide peer", IGP + "P" + HOP + "c01208fa56ea00c0000201", 18);
    external(
        "7606 7.5 LOCAL_PREF of 3 octets from outside",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "4005030003e7");
          assertThat(p.inside().text(p.prefix(), 5)).contains("100");
          p.alive();
        });
    external(
        "7606 3.g the second of two may be malformed",
        p -> {
          p.session().establish("");
          p.announce(IGP + "4001020909" + p.path() + HOP);
          p.alive();
        });
  }

  /** A route from inside goes, and the session stays. */
  private void withdrawsInside(String name, String attributes) {
    internal(
        name,
        p -> {
          p.session().establish("");
          p.announce(IGP + "400200" + HOP + PREF);
          p.session().say(UPDATE, update("", attributes, p.nlri()));
          p.gone();
          p.alive();
        });
  }

  private void inside() {
    var sound = IGP + "400200" + HOP;
    withdrawsInside("7606 3.d no LOCAL_PREF inside", sound);
    withdrawsInside("7606 7.5 length of LOCAL_PREF inside", sound + "400503000064");
    withdrawsInside("7606 7.10 empty CLUSTER_LIST inside", sound + PREF + "800a00");
    withdrawsInside("7606 7.10 length of CLUSTER_LIST inside", sound + PREF + "800a050a00006300");
  }

  /** RFC 7606 §5.2: with attributes but nothing that is reachable. */
  private void without() {
    external(
        "7606 5.2 sound attributes and no routes at all",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", IGP + p.path() + HOP, ""));
          p.alive();
          assertThat(p.outside().has(p.prefix())).isTrue();
        });
    external(
        "7606 5.2 what is only discarded, and no routes at all",
        p -> {
          p.session().establish("").say(UPDATE, update(p.nlri(), "40060100", ""));
          p.alive();
        });
    refused(
        "7606 5.2 malformed attributes beside withdrawn routes",
        framed(UPDATE, update("180aff00", "40010109", "")),
        "03");
    external(
        "7606 2 withdrawn routes go too where others are treated so",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          var other = "180b" + p.nlri().substring(4);
          var attributes = "40010107" + p.path() + HOP;
          p.session().say(UPDATE, update(p.nlri(), attributes, other));
          p.gone();
          p.alive();
        });
    refused(
        "7606 3.h a reset is more than withdrawing",
        framed(UPDATE, update("", "40010107" + path(65001) + HOP, "21c633640000")),
        "030a");
    external(
        "4271 6.3 an unknown well-known attribute is named",
        p -> {
          p.session().establish("");
          p.session().say(UPDATE, update("", IGP + p.path() + HOP + "40d5020102", p.nlri()));
          assertThat(p.session().end()).isEqualTo("0302" + "40d5020102");
        });
  }

  private void framing() {
    refused("4271 6.3 withdrawn length", framed(UPDATE, "00ff0000"), "0301");
    refused("4271 6.3 attribute length", framed(UPDATE, "000000ff"), "0301");
    refused(
        "7606 5.3 prefix of 33 bits",
        framed(UPDATE, update("", IGP + path(65001) + HOP, "21c633640000")),
        "030a");
    refused(
        "7606 5.3 prefix cut short",
        framed(UPDATE, update("", IGP + path(65001) + HOP, "18c633")),
        "030a");
    refused(
        "7606 5.3 withdrawn prefix of 40 bits",
        framed(UPDATE, update("28c633640000", "", "")),
        "030a");
    var reach =
        "800e1e" + "000201" + "10" + "20010db8".repeat(4) + "00" + "40" + "20010db800000000";
    refused("7606 3.g MP_REACH_NLRI twice", framed(UPDATE, update("", reach + reach, "")), "0301");
    external(
        "4271 4.3 withdrawn and announced at once",
        p -> {
          p.session().establish("");
          p.session().say(UPDATE, update(p.nlri(), IGP + p.path() + HOP, p.nlri()));
          p.arrived();
        });
    external(
        "4271 4.3 bits past the length",
        p -> {
          p.session().establish("");
          var host = p.nlri().substring(0, 8);
          p.session()
              .say(UPDATE, update("", IGP + p.path() + HOP, "19" + host.substring(2) + "7f"));
          p.eventually(() -> p.outside().has(p.prefix().replace("/24", "/25")));
        });
    external(
        "4271 4.3 extended length on a short attribute",
        p -> {
          p.session().establish("");
          p.announce("5001000100" + p.path() + HOP);
        });
    external(
        "4271 4.1 a message in many pieces",
        p -> {
          p.session().establish("");
          var whole = framed(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          for (int at = 0; at < whole.length(); at += 2) {
            p.session().octets(whole.substring(at, at + 2));
          }
          p.arrived();
        });
  }
}
