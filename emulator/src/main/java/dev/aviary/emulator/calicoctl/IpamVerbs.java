package dev.aviary.emulator.calicoctl;

import dev.aviary.emulator.cluster.JsonText;
import dev.aviary.ipam.Handle;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamKey;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.PoolSpec;
import dev.aviary.ipam.ReleaseOption;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code calicoctl ipam …}, a method per subcommand. */
public final class IpamVerbs {
  /** The version of calicoctl that speaks here. */
  public static final String CLIENT_VERSION = "v3.22.0";

  private final IpamSite site;
  private final boolean allowVersionMismatch;

  public IpamVerbs(IpamSite site, boolean allowVersionMismatch) {
    this.site = site;
    this.allowVersionMismatch = allowVersionMismatch;
  }

  /** What a subcommand does once the versions agree. */
  private interface Work {
    Answer run() throws IpamException;
  }

  private Answer checked(Work work) {
    var version = site.information().version();
    if (!version.isEmpty() && !version.equals(CLIENT_VERSION) && !allowVersionMismatch) {
      return Answer.failed(
          "",
          "Version mismatch.\nClient Version:   %s\nCluster Version:  %s\n"
                  .formatted(CLIENT_VERSION, version)
              + "Use --allow-version-mismatch to override.");
    }
    try {
      return work.run();
    } catch (IpamException e) {
      return Answer.failed("", e.error().message().strip());
    }
  }

  private boolean master() {
    return site.variant() == IpamVariant.MASTER;
  }

  static Answer notAnAddress(String text) {
    return new Answer(
        "Error executing command: invalid IP address specified: " + text + "\n", "", 1);
  }

  /** An option that v3.22 does not know. */
  private static Answer invalidOption(List<String> words) {
    return Answer.failed(
        "",
        "Invalid option: 'calicoctl %s'. Use flag '--help' to read about a specific subcommand."
            .formatted(String.join(" ", words)));
  }

  /**
   * What {@code ipam show} is asked for.
   *
   * @param ip an address; empty for a table
   */
  public record Show(
      boolean blocks, boolean borrowed, boolean configuration, Optional<String> ip, boolean json) {}

  public Answer show(Show asked) {
    return checked(
        () -> {
          var ipam = site.ipam();
          if (asked.ip().isPresent()) {
            return ShowReports.address(site, asked.ip().get(), asked.json());
          }
          if (asked.borrowed()) {
            var borrowed = ShowReports.AllBorrowed.of(ipam.blocks(), site.variant());
            return Answer.ok(asked.json() ? borrowed.json() : borrowed.text(site.variant()));
          }
          if (asked.configuration()) {
            return Answer.ok(
                asked.json()
                    ? ShowReports.configurationJson(ipam.config(), site.variant())
                    : ShowReports.configuration(ipam.config(), site.variant()));
          }
          var usage = ipam.utilization(List.of());
          return Answer.ok(
              asked.json()
                  ? ShowReports.utilizationJson(usage)
                  : ShowReports.utilization(usage, site.variant(), asked.blocks()));
        });
  }

  /**
   * {@code ipam check}.
   *
   * @param file where the report for programs goes
   */
  public Answer check(boolean all, boolean problems, Optional<Path> file, boolean json) {
    return checked(
        () -> {
          var report = CheckReport.of(site, all, problems);
          if (file.isPresent()) {
            try {
              Files.writeString(file.get(), report.json());
            } catch (IOException e) {
              return Answer.failed(report.text(), "cannot write %s: %s".formatted(file.get(), e));
            }
          }
          return Answer.ok(json ? report.json() + "\n" : report.text());
        });
  }

  /** {@code ipam release}. */
  public Answer release(Optional<String> ip, List<Path> reports, boolean force, boolean json) {
    return checked(
        () -> {
          if (!reports.isEmpty()) {
            return new ReleaseFromReports(site, force).run(reports, json);
          }
          return ip.isPresent() ? release(ip.get(), json) : Answer.ok("");
        });
  }

  private Answer release(String text, boolean json) {
    var address = IpAddress.parse(text);
    if (address.isEmpty()) {
      return notAnAddress(text);
    }
    var released = site.ipam().release(List.of(ReleaseOption.of(address.get())));
    if (released.error() != null) {
      return Answer.failed("", (master() ? "error: " : "Error: ") + released.error().message());
    }
    if (!released.unallocated().isEmpty()) {
      return Answer.failed("", "IP address " + address.get() + " is not assigned");
    }
    return Answer.ok(
        json
            ? JsonText.print(Map.of("released", List.of(address.get().toString())))
            : "Successfully released IP address " + address.get() + "\n");
  }

  /** What {@code ipam configure} is to set; empty where nothing. */
  public record Configure(
      Optional<String> strictAffinity,
      Optional<String> maxBlocksPerHost,
      Optional<String> kubeVirtIpPersistence,
      Optional<String> ipCooldownSeconds,
      boolean json) {

    private List<String> words() {
      var words = new ArrayList<>(List.of("ipam", "configure"));
      strictAffinity.ifPresent(v -> words.add("--strictaffinity=" + v));
      maxBlocksPerHost.ifPresent(v -> words.add("--max-blocks-per-host=" + v));
      kubeVirtIpPersistence.ifPresent(v -> words.add("--kubevirt-ip-persistence=" + v));
      ipCooldownSeconds.ifPresent(v -> words.add("--ip-cooldown-seconds=" + v));
      return words;
    }
  }

  public Answer configure(Configure asked) {
    return checked(() -> configured(asked));
  }

  private Answer configured(Configure asked) throws IpamException {
    if (!master()
        && (asked.strictAffinity().isEmpty()
            || asked.maxBlocksPerHost().isPresent()
            || asked.kubeVirtIpPersistence().isPresent()
            || asked.ipCooldownSeconds().isPresent())) {
      return invalidOption(asked.words());
    }
    var changed = site.ipam().config();
    var said = new LinkedHashMap<String, Object>();
    if (asked.strictAffinity().isPresent()) {
      var strict = flag(asked.strictAffinity().get());
      if (strict.isEmpty()) {
        return Answer.failed(
            "", (master() ? "i" : "I") + "nvalid value. Use true or false to set strictaffinity");
      }
      changed = changed.withStrictAffinity(strict.get());
      said.put("StrictAffinity", strict.get());
    }
    if (asked.maxBlocksPerHost().isPresent()) {
      var number = number(asked.maxBlocksPerHost().get());
      if (number.isEmpty()) {
        return Answer.failed("", "invalid value for maxblockhost. Use a valid number");
      }
      changed = changed.withMaxBlocksPerHost(number.getAsInt());
      said.put("MaxBlocksPerHost", number.getAsInt());
    }
    if (asked.kubeVirtIpPersistence().isPresent()) {
      var value = asked.kubeVirtIpPersistence().get();
      if (!value.equals("Enabled") && !value.equals("Disabled")) {
        return Answer.failed(
            "", "invalid value for --kubevirt-ip-persistence. Use Enabled or Disabled");
      }
      changed = changed.withVmAddressPersistence(value);
      said.put("KubeVirtVMAddressPersistence", value);
    }
    if (asked.ipCooldownSeconds().isPresent()) {
      var number = number(asked.ipCooldownSeconds().get());
      if (number.isEmpty() || number.getAsInt() < 0) {
        return Answer.failed("", "invalid value for ip-cooldown-seconds. Use a valid number");
      }
      changed = changed.withIpCooldownSeconds(number.getAsInt());
      said.put("IPCooldownSeconds", number.getAsInt());
    }
    if (said.isEmpty()) {
      return Answer.failed("", "at least one configuration option must be specified");
    }
    try {
      site.ipam().setConfig(changed);
    } catch (IpamException e) {
      return Answer.failed("", (master() ? "error: " : "Error: ") + e.error().message());
    }
    if (asked.json()) {
      return Answer.ok(ShowReports.configurationJson(changed, site.variant()));
    }
    var out = new StringBuilder();
    said.forEach(
        (what, value) -> out.append("Successfully set %s to: %s\n".formatted(what, value)));
    return Answer.ok(out.toString());
  }

  /** As Go's strconv.ParseBool. */
  private static Optional<Boolean> flag(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> Optional.of(true);
      case "0", "f", "F", "FALSE", "false", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static OptionalInt number(String text) {
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException _) {
      return OptionalInt.empty();
    }
  }

  /** The parts of {@code cidr} as texts, or what stands against them. */
  public static List<String> splitText(String cidr, int parts) {
    try {
      return PoolSplit.of(Prefix.of(cidr), parts).stream().map(Prefix::toString).toList();
    } catch (IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /** {@code ipam split}. */
  public Answer split(String number, Optional<String> cidr, Optional<String> name, boolean json) {
    return checked(
        () -> {
          var parts = number(number);
          if (parts.isEmpty()) {
            return Answer.failed(
                "",
                "error reading number to split IP pools into. %s is not a valid number"
                    .formatted(number));
          }
          return split(parts.getAsInt(), cidr.orElse(""), name.orElse(""), json);
        });
  }

  private Answer split(int parts, String cidr, String name, boolean json) throws IpamException {
    if (cidr.isEmpty() && name.isEmpty()) {
      return Answer.failed(
          "", "no name or CIDR provided. Provide a name or CIDR to denote the IP pool to split");
    }
    if (site.information().ready()) {
      return Answer.failed(
          "",
          "datastore is not locked. Run the `calicoctl datastore migrate lock` command in order"
              + " split the IP pools");
    }
    var found =
        site.poolSpecs().stream()
            .filter(p -> name.isEmpty() ? p.cidr().equals(cidr) : p.name().equals(name))
            .findFirst();
    if (found.isEmpty()) {
      return Answer.failed(
          "",
          name.isEmpty()
              ? "unable to find IP pool  covering the specified CIDR " + cidr
              : "unable to find IP pool with name %s: resource does not exist: IPPool(%s) with error: %s"
                  .formatted(name, name, "Key not found"));
    }
    var pool = found.get().withDisabled(true);
    site.update(pool);
    List<Prefix> children;
    try {
      children = PoolSplit.of(Prefix.of(pool.cidr()), parts);
    } catch (IllegalArgumentException e) {
      return Answer.failed(
          "",
          "error splitting the CIDR %s into %d CIDRs: %s"
              .formatted(pool.cidr(), parts, e.getMessage()));
    }
    var created = new ArrayList<PoolSpec>();
    for (int i = 0; i < children.size(); i++) {
      var child =
          pool.named(PoolSplit.name(pool.name(), i))
              .withCidr(children.get(i).toString())
              .withDisabled(false);
      created.add(child);
    }
    site.replace(pool.name(), created);
    return Answer.ok(json ? splitJson(pool, created) : splitText(pool, created));
  }

  private static String splitText(PoolSpec pool, List<PoolSpec> created) {
    var out =
        new StringBuilder(
            "IP Pool %s was successfully split into %d smaller pools."
                .formatted(pool.name(), created.size()));
    created.forEach(
        child -> out.append("Created %s with CIDR %s.\n".formatted(child.name(), child.cidr())));
    return out.append("Please refer to the documentation for final steps.").toString();
  }

  private static String splitJson(PoolSpec pool, List<PoolSpec> created) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("split", pool.name());
    var children = new ArrayList<Map<String, String>>();
    created.forEach(child -> children.add(Map.of("name", child.name(), "cidr", child.cidr())));
    fields.put("created", children);
    return JsonText.print(fields);
  }

  /** {@code datastore migrate lock} and {@code unlock}. */
  public Answer lock(boolean lock) {
    return checked(
        () -> {
          site.setReady(!lock);
          return Answer.ok(lock ? "Datastore locked.\n" : "Datastore unlocked.\n");
        });
  }

  /** Deletes a handle that is still as a report has it. */
  static void delete(IpamSite site, String handle, String revision) throws IpamException {
    var stored = site.store().get(new IpamKey.HandleKey(handle), Handle.class);
    if (!Long.toString(stored.revision()).equals(revision)) {
      throw new IpamException(new IpamError.Conflict(stored.key().id()));
    }
    site.store().delete(stored.key(), stored.revision());
  }

  static String lowered(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
