package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpAddress;
import org.jspecify.annotations.Nullable;

/** What matches and targets ask the routing tables and the links. */
public interface RoutingView {
  /** The check of {@code -m rpfilter}: a route back to the source leaves by the input device. */
  boolean reversePathOk(Skb skb, boolean loose, boolean validMark, boolean acceptLocal);

  /** What {@code address} is; where {@code device} is given, as seen from that device alone. */
  AddressType addressType(IpAddress address, @Nullable String device);

  /** The source that MASQUERADE takes for a packet leaving by {@code skb}'s device, or null. */
  @Nullable IpAddress masqueradeAddress(Skb skb);

  /** Where REDIRECT sends a packet, or null. */
  @Nullable IpAddress redirectAddress(Skb skb);
}
