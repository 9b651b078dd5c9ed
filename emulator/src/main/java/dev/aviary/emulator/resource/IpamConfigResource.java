package dev.aviary.emulator.resource;

/**
 * Calico's IPAMConfiguration, whose only one is called "default".
 *
 * @param maxBlocksPerHost 0 for no limit
 */
public record IpamConfigResource(
    Metadata metadata,
    Source source,
    boolean strictAffinity,
    boolean autoAllocateBlocks,
    int maxBlocksPerHost)
    implements Resource {

  static IpamConfigResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var read =
        new IpamConfigResource(
            metadata,
            source,
            spec.flag("strictAffinity", false),
            spec.flag("autoAllocateBlocks", true),
            spec.number("maxBlocksPerHost", 0, Integer.MAX_VALUE).orElse(0));
    if (!metadata.name().isEmpty() && !metadata.name().equals("default")) {
      fields
          .object("metadata")
          .problem(
              "name",
              "Cannot create an IPAM Configuration resource with a name other than"
                  + " \"default\"");
    }
    if (!read.strictAffinity() && !read.autoAllocateBlocks()) {
      spec.problem(
          "autoAllocateBlocks",
          "Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at the same time");
    }
    if (read.maxBlocksPerHost() > 0 && !read.strictAffinity()) {
      spec.problem("maxBlocksPerHost", "MaxBlocksPerHost requires StrictAffinity to be enabled");
    }
    spec.accept("kubeVirtVMAddressPersistence", "ipCooldownSeconds");
    spec.done();
    return read;
  }
}
