package dev.aviary.ipam;

/**
 * The cluster's switches (IPAMConfig).
 *
 * @param strictAffinity hosts take addresses from their own blocks only
 * @param autoAllocateBlocks hosts may claim new blocks
 * @param maxBlocksPerHost 0 for the default limit of 20
 */
public record IpamConfig(boolean strictAffinity, boolean autoAllocateBlocks, int maxBlocksPerHost)
    implements IpamObject {
  /** What holds while no configuration is stored. */
  public static final IpamConfig DEFAULT = new IpamConfig(false, true, 0);
}
