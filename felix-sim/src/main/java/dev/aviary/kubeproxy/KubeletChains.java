package dev.aviary.kubeproxy;

import static dev.aviary.kubeproxy.RuleWords.comment;

import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpFamily;
import java.util.List;

/**
 * The chains that kubelet makes: marks for masquerading and dropping, and what follows from them.
 * It looks only at its canary: rules that go while that stays are not missed.
 */
public final class KubeletChains {
  private static final String CANARY = "KUBE-KUBELET-CANARY";
  private static final String HINT = "KUBE-IPTABLES-HINT";
  static final String MARK_DROP = "KUBE-MARK-DROP";
  private static final String DROP_MARKED =
      comment("kubernetes firewall for dropping marked packets");
  private static final String LOCALNET = comment("block incoming localnet connections");
  private static final String NOT_KNOWN =
      "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP";

  private final KubeProxyVersion version;
  private final IpFamily family;
  private final Kernel kernel;

  public KubeletChains(KubeProxyVersion version, IpFamily family, Kernel kernel) {
    this.version = version;
    this.family = family;
    this.kernel = kernel;
  }

  /** Makes everything, unless the canary is there. */
  public void ensure() {
    var tables = new IptablesTables(kernel, family);
    if (tables.chains("mangle").contains(CANARY)) {
      return;
    }
    List.of("mangle", "nat", "filter").forEach(table -> tables.ensureChain(table, CANARY));
    if (version.atLeast(24)) {
      tables.ensureChain("mangle", HINT);
    }
    if (version.atLeast(27)) {
      tables.ensureChain("filter", SharedRules.FIREWALL);
      localnet(tables);
      firewallJumps(tables);
    } else {
      marks(tables);
    }
    tables.commit();
  }

  private void marks(IptablesTables tables) {
    tables.ensureChain("nat", MARK_DROP);
    tables.ensureLast(
        "nat", MARK_DROP, "-j MARK --or-mark 0x00008000", "-j MARK --set-xmark 0x8000/0x8000");
    tables.ensureChain("filter", SharedRules.FIREWALL);
    if (version.atLeast(25)) {
      localnet(tables);
      dropMarked(tables);
    } else {
      dropMarked(tables);
      localnet(tables);
    }
    firewallJumps(tables);
    tables.ensureChain("nat", SharedRules.MARK_MASQ);
    tables.ensureLast(
        "nat",
        SharedRules.MARK_MASQ,
        "-j MARK --or-mark 0x00004000",
        "-j MARK --set-xmark 0x4000/0x4000");
    tables.ensureChain("nat", SharedRules.POSTROUTING);
    tables.ensureFirst(
        "nat",
        "POSTROUTING",
        comment("kubernetes postrouting rules") + " -j " + SharedRules.POSTROUTING);
    postrouting(tables);
  }

  private static void postrouting(IptablesTables tables) {
    tables.ensureLast(
        "nat",
        SharedRules.POSTROUTING,
        "-m mark ! --mark 0x00004000/0x00004000 -j RETURN",
        "-m mark ! --mark 0x4000/0x4000 -j RETURN");
    tables.ensureLast(
        "nat",
        SharedRules.POSTROUTING,
        "-j MARK --xor-mark 0x00004000",
        "-j MARK --set-xmark 0x4000/0x0");
    var masquerade =
        comment("kubernetes service traffic requiring SNAT") + " -j MASQUERADE --random-fully";
    tables.ensureLast("nat", SharedRules.POSTROUTING, masquerade, masquerade);
  }

  private static void dropMarked(IptablesTables tables) {
    tables.ensureLast(
        "filter",
        SharedRules.FIREWALL,
        DROP_MARKED + " -m mark --mark 0x00008000/0x00008000 -j DROP",
        DROP_MARKED + " -m mark --mark 0x8000/0x8000 -j DROP");
  }

  /** A host with route_localnet would let neighbors reach what listens on 127.0.0.1. */
  private void localnet(IptablesTables tables) {
    if (family == IpFamily.IPV4) {
      tables.ensureLast(
          "filter",
          SharedRules.FIREWALL,
          LOCALNET + " --dst 127.0.0.0/8 ! --src 127.0.0.0/8 " + NOT_KNOWN,
          "! -s 127.0.0.0/8 -d 127.0.0.0/8 " + LOCALNET + " " + NOT_KNOWN);
    }
  }

  private static void firewallJumps(IptablesTables tables) {
    tables.ensureFirst("filter", "OUTPUT", "-j " + SharedRules.FIREWALL);
    tables.ensureFirst("filter", "INPUT", "-j " + SharedRules.FIREWALL);
  }
}
