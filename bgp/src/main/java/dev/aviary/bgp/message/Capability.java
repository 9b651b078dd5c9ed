package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Octets;
import java.util.List;

/** What a speaker offers in its OPEN (RFC 5492). */
public sealed interface Capability {

  /** Its code. */
  int code();

  /** RFC 4760 §8. */
  record Multiprotocol(AfiSafi family) implements Capability {
    @Override
    public int code() {
      return 1;
    }
  }

  /** RFC 2918. */
  record RouteRefresh() implements Capability {
    @Override
    public int code() {
      return 2;
    }
  }

  /** RFC 8950 §4: routes of a family may have next hops of another AFI. */
  record ExtendedNextHop(List<Tuple> tuples) implements Capability {
    public ExtendedNextHop {
      tuples = List.copyOf(tuples);
    }

    /** {@code family} over next hops of {@code nextHopAfi}. */
    public record Tuple(AfiSafi family, int nextHopAfi) {}

    @Override
    public int code() {
      return 5;
    }
  }

  /** RFC 8654. */
  record ExtendedMessage() implements Capability {
    @Override
    public int code() {
      return 6;
    }
  }

  /** RFC 9234 §4.1; the role's number. */
  record Role(int role) implements Capability {
    public static final int PROVIDER = 0;
    public static final int ROUTE_SERVER = 1;
    public static final int ROUTE_SERVER_CLIENT = 2;
    public static final int CUSTOMER = 3;
    public static final int PEER = 4;

    @Override
    public int code() {
      return 9;
    }
  }

  /**
   * RFC 4724 §3, RFC 8538.
   *
   * @param restarting the sender has just restarted
   * @param notification routes are kept over a NOTIFICATION too
   * @param time seconds, 0 to 4095
   */
  record GracefulRestart(
      boolean restarting, boolean notification, int time, List<RestartFamily> families)
      implements Capability {
    public GracefulRestart {
      families = List.copyOf(families);
    }

    /** A family, and whether its forwarding state was kept. */
    public record RestartFamily(AfiSafi family, boolean forwarding) {}

    @Override
    public int code() {
      return 64;
    }
  }

  /** RFC 6793. */
  record FourOctetAs(AsNumber as) implements Capability {
    @Override
    public int code() {
      return 65;
    }
  }

  /** RFC 7911 §4. */
  record AddPath(List<AddPathFamily> families) implements Capability {
    public static final int RECEIVE = 1;
    public static final int SEND = 2;

    public AddPath {
      families = List.copyOf(families);
    }

    /** A family, and {@link #RECEIVE} and {@link #SEND} bits. */
    public record AddPathFamily(AfiSafi family, int mode) {}

    @Override
    public int code() {
      return 69;
    }
  }

  /** RFC 7313. */
  record EnhancedRefresh() implements Capability {
    @Override
    public int code() {
      return 70;
    }
  }

  /** RFC 9494 §3. */
  record LongLivedGracefulRestart(List<LongLivedFamily> families) implements Capability {
    public LongLivedGracefulRestart {
      families = List.copyOf(families);
    }

    /** A family, whether its forwarding state was kept, and seconds that routes stay, 24 bits. */
    public record LongLivedFamily(AfiSafi family, boolean forwarding, int staleTime) {}

    @Override
    public int code() {
      return 71;
    }
  }

  /** draft-walton-bgp-hostname-capability. */
  record Fqdn(Octets host, Octets domain) implements Capability {
    @Override
    public int code() {
      return 73;
    }
  }

  /** A code that is not known here, or a known one whose value cannot be read. */
  record Unrecognized(int code, Octets value) implements Capability {}
}
