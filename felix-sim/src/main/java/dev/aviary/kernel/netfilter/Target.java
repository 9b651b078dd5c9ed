package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a rule does with a packet that matches. */
public sealed interface Target {

  /** Counts, nothing else: a rule without {@code -j}. */
  record None() implements Target {}

  record Accept() implements Target {}

  record Drop() implements Target {}

  record Return() implements Target {}

  /** To a user chain; {@code isGoto} for {@code -g}. */
  record Jump(String chain, boolean isGoto) implements Target {}

  /** mark = (mark and not mask) xor value. */
  record SetMark(int value, int mask) implements Target {}

  record ConnMark(Action action, int value, int ctMask, int nfMask) implements Target {
    /** Which way it copies. */
    public enum Action {
      SET,
      SAVE,
      RESTORE
    }
  }

  record Dnat(
      @Nullable IpAddress min,
      @Nullable IpAddress max,
      int portMin,
      int portMax,
      boolean random,
      boolean persistent)
      implements Target {}

  record Snat(
      @Nullable IpAddress min,
      @Nullable IpAddress max,
      int portMin,
      int portMax,
      boolean random,
      boolean randomFully,
      boolean persistent)
      implements Target {}

  record Masquerade(int portMin, int portMax, boolean random, boolean randomFully)
      implements Target {}

  record Redirect(int portMin, int portMax, boolean random) implements Target {}

  record Reject(With with) implements Target {
    /** How the sender is told, with ICMP code and ICMPv6 code. */
    public enum With {
      NET_UNREACH("icmp-net-unreachable", 0, 0),
      HOST_UNREACH("icmp-host-unreachable", 1, 3),
      PROTO_UNREACH("icmp-proto-unreachable", 2, 4),
      PORT_UNREACH("icmp-port-unreachable", 3, 4),
      NET_PROHIBITED("icmp-net-prohibited", 9, 1),
      HOST_PROHIBITED("icmp-host-prohibited", 10, 1),
      ADMIN_PROHIBITED("icmp-admin-prohibited", 13, 1),
      TCP_RESET("tcp-reset", -1, -1),
      NO_ROUTE6("icmp6-no-route", -1, 0),
      ADMIN_PROHIBITED6("icmp6-adm-prohibited", -1, 1),
      ADDRESS_UNREACH6("icmp6-addr-unreachable", -1, 3),
      PORT_UNREACH6("icmp6-port-unreachable", -1, 4),
      POLICY_FAIL6("icmp6-policy-fail", -1, 5),
      REJECT_ROUTE6("icmp6-reject-route", -1, 6);

      private final String text;
      private final int code;
      private final int code6;

      With(String text, int code, int code6) {
        this.text = text;
        this.code = code;
        this.code6 = code6;
      }

      public String text() {
        return text;
      }

      /** The code of the ICMP type 3 message. */
      public int code() {
        return code;
      }

      /** The code of the ICMPv6 type 1 message. */
      public int code6() {
        return code6;
      }

      /** By full or short name; {@code v6} chooses between the two families' names. */
      static Optional<With> parse(String text, boolean v6) {
        var known =
            switch (text) {
              case "net-unreach", "icmp-net-unreachable" -> v6 ? null : NET_UNREACH;
              case "host-unreach", "icmp-host-unreachable" -> v6 ? null : HOST_UNREACH;
              case "proto-unreach", "icmp-proto-unreachable" -> v6 ? null : PROTO_UNREACH;
              case "port-unreach" -> v6 ? PORT_UNREACH6 : PORT_UNREACH;
              case "icmp-port-unreachable" -> v6 ? null : PORT_UNREACH;
              case "net-prohib", "icmp-net-prohibited" -> v6 ? null : NET_PROHIBITED;
              case "host-prohib", "icmp-host-prohibited" -> v6 ? null : HOST_PROHIBITED;
              case "admin-prohib", "icmp-admin-prohibited" -> v6 ? null : ADMIN_PROHIBITED;
              case "tcp-rst", "tcp-reset" -> TCP_RESET;
              case "no-route", "icmp6-no-route" -> v6 ? NO_ROUTE6 : null;
              case "adm-prohibited", "icmp6-adm-prohibited" -> v6 ? ADMIN_PROHIBITED6 : null;
              case "addr-unreach", "icmp6-addr-unreachable" -> v6 ? ADDRESS_UNREACH6 : null;
              case "icmp6-port-unreachable" -> v6 ? PORT_UNREACH6 : null;
              case "policy-fail", "icmp6-policy-fail" -> v6 ? POLICY_FAIL6 : null;
              case "reject-route", "icmp6-reject-route" -> v6 ? REJECT_ROUTE6 : null;
              default -> null;
            };
        return Optional.ofNullable(known);
      }
    }
  }

  /** {@code CT --notrack} and its old name NOTRACK. */
  record NoTrack(boolean oldName) implements Target {}

  record Log(String prefix, int level, int flags) implements Target {}

  record NfLog(int group, String prefix) implements Target {}

  record Trace() implements Target {}

  /** A target that is not known: does nothing, kept as it was written. */
  record Unknown(String name, List<String> options) implements Target {}
}
