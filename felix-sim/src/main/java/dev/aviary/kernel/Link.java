package dev.aviary.kernel;

import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network device of one kernel. */
public abstract sealed class Link {
  private final Kernel kernel;
  private final int index;
  private final InterfaceConf conf;
  private final List<InterfaceAddress> addresses = new ArrayList<>();
  private String name;
  private MacAddress mac;
  private int mtu;
  private boolean up;

  Link(Kernel kernel, int index, String name, MacAddress mac, int mtu, InterfaceConf conf) {
    this.kernel = kernel;
    this.index = index;
    this.name = name;
    this.mac = mac;
    this.mtu = mtu;
    this.conf = conf;
  }

  /** The loopback device: what is sent comes back in. */
  public static final class Loopback extends Link {
    Loopback(Kernel kernel, int index, InterfaceConf conf) {
      super(kernel, index, "lo", MacAddress.ZERO, 65536, conf);
    }
  }

  /** A card on a {@link Segment}. */
  public static final class Physical extends Link {
    private Segment segment;

    Physical(
        Kernel kernel,
        int index,
        String name,
        MacAddress mac,
        int mtu,
        InterfaceConf conf,
        Segment segment) {
      super(kernel, index, name, mac, mtu, conf);
      this.segment = segment;
    }

    public Segment segment() {
      return segment;
    }

    void plug(Segment value) {
      segment = value;
    }
  }

  /** One end of a cable whose other end is a device too, here or in another kernel. */
  public static final class Veth extends Link {
    private @Nullable Veth peer;

    Veth(Kernel kernel, int index, String name, MacAddress mac, int mtu, InterfaceConf conf) {
      super(kernel, index, name, mac, mtu, conf);
    }

    /** The other end; null once that was deleted. */
    public @Nullable Veth peer() {
      return peer;
    }

    void connect(@Nullable Veth peer) {
      this.peer = peer;
    }
  }

  /** A bridge without ports, or a dummy: what is sent there goes nowhere. */
  public static final class Bridge extends Link {
    Bridge(Kernel kernel, int index, String name, MacAddress mac, InterfaceConf conf) {
      super(kernel, index, name, mac, 1500, conf);
    }
  }

  /** An IP-in-IP tunnel without fixed ends ({@code tunl0}). */
  public static final class IpIp extends Link {
    IpIp(Kernel kernel, int index, String name, int mtu, InterfaceConf conf) {
      super(kernel, index, name, MacAddress.ZERO, mtu, conf);
    }
  }

  /** A VXLAN device over UDP. */
  public static final class Vxlan extends Link {
    private final int vni;
    private final int port;
    private final IpAddress local;
    private final Map<MacAddress, IpAddress> forwarding = new LinkedHashMap<>();

    Vxlan(
        Kernel kernel,
        int index,
        String name,
        MacAddress mac,
        int mtu,
        InterfaceConf conf,
        int vni,
        int port,
        IpAddress local) {
      super(kernel, index, name, mac, mtu, conf);
      this.vni = vni;
      this.port = port;
      this.local = local;
    }

    public int vni() {
      return vni;
    }

    public int port() {
      return port;
    }

    public IpAddress local() {
      return local;
    }

    /** Where frames to a link-layer address are sent, as {@code bridge fdb} lists it. */
    public Map<MacAddress, IpAddress> forwarding() {
      return Collections.unmodifiableMap(forwarding);
    }

    /** Enters or changes an end ({@code bridge fdb replace}). */
    public void forward(MacAddress mac, IpAddress to) {
      forwarding.put(mac, to);
    }

    public void forget(MacAddress mac) {
      forwarding.remove(mac);
    }

    @Nullable IpAddress remote(MacAddress mac) {
      return forwarding.get(mac);
    }
  }

  public Kernel kernel() {
    return kernel;
  }

  public int index() {
    return index;
  }

  public String name() {
    return name;
  }

  public MacAddress mac() {
    return mac;
  }

  public int mtu() {
    return mtu;
  }

  public boolean isUp() {
    return up;
  }

  /** True if it is up and what is at its other end is up too. */
  public boolean hasCarrier() {
    return up
        && switch (this) {
          case Veth veth -> veth.peer != null && ((Link) veth.peer).up;
          case Physical physical -> physical.segment.isUp();
          case Loopback _, Bridge _, IpIp _, Vxlan _ -> true;
        };
  }

  /** Its addresses, in the order that {@code ip addr} lists them. */
  public List<InterfaceAddress> addresses() {
    return List.copyOf(addresses);
  }

  /** Its addresses of one family. */
  public List<InterfaceAddress> addresses(IpFamily family) {
    return addresses.stream().filter(a -> a.address().family() == family).toList();
  }

  /** True if one of its addresses is {@code address}. */
  public boolean hasAddress(IpAddress address) {
    for (var own : addresses) {
      if (own.address().equals(address)) {
        return true;
      }
    }
    return false;
  }

  InterfaceConf conf() {
    return conf;
  }

  List<InterfaceAddress> addressList() {
    return addresses;
  }

  void setUp(boolean up) {
    this.up = up;
  }

  void setMac(MacAddress mac) {
    this.mac = mac;
  }

  void setMtu(int mtu) {
    this.mtu = mtu;
  }

  void setName(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return kernel.hostName() + "." + name;
  }
}
