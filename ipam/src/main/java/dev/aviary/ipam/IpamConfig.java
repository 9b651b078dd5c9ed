package dev.aviary.ipam;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's switches (IPAMConfig).
 *
 * @param strictAffinity hosts take addresses from their own blocks only
 * @param autoAllocateBlocks hosts may claim new blocks
 * @param maxBlocksPerHost 0 for the default limit of 20
 * @param vmAddressPersistence "Enabled" or "Disabled"; null where it is not known (before v3.32)
 * @param ipCooldownSeconds how long a released address rests; on Calico's main branch only
 * @param extras members of the stored value that are not known, as JSON
 */
public record IpamConfig(
    boolean strictAffinity,
    boolean autoAllocateBlocks,
    int maxBlocksPerHost,
    @Nullable String vmAddressPersistence,
    int ipCooldownSeconds,
    Map<String, String> extras)
    implements IpamObject {
  /** What holds while no configuration is stored. */
  public static final IpamConfig DEFAULT = new IpamConfig(false, true, 0);

  public IpamConfig {
    extras = Map.copyOf(extras);
  }

  public IpamConfig(boolean strictAffinity, boolean autoAllocateBlocks, int maxBlocksPerHost) {
    this(strictAffinity, autoAllocateBlocks, maxBlocksPerHost, null, 0, Map.of());
  }

  public IpamConfig withStrictAffinity(boolean changed) {
    return new IpamConfig(
        changed,
        autoAllocateBlocks,
        maxBlocksPerHost,
        vmAddressPersistence,
        ipCooldownSeconds,
        extras);
  }

  public IpamConfig withMaxBlocksPerHost(int changed) {
    return new IpamConfig(
        strictAffinity,
        autoAllocateBlocks,
        changed,
        vmAddressPersistence,
        ipCooldownSeconds,
        extras);
  }

  public IpamConfig withVmAddressPersistence(String changed) {
    return new IpamConfig(
        strictAffinity, autoAllocateBlocks, maxBlocksPerHost, changed, ipCooldownSeconds, extras);
  }

  public IpamConfig withIpCooldownSeconds(int changed) {
    return new IpamConfig(
        strictAffinity,
        autoAllocateBlocks,
        maxBlocksPerHost,
        vmAddressPersistence,
        changed,
        extras);
  }
}
