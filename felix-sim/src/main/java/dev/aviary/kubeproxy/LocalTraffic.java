package dev.aviary.kubeproxy;

import dev.aviary.net.Prefix;

/** How kube-proxy tells traffic of the cluster's own pods from what comes from outside. */
public sealed interface LocalTraffic {

  /** Matches local traffic; empty where it can't be told. */
  String local();

  /** Matches all but local traffic; empty where it can't be told. */
  String notLocal();

  /** It can't. */
  record Unknown() implements LocalTraffic {
    @Override
    public String local() {
      return "";
    }

    @Override
    public String notLocal() {
      return "";
    }
  }

  /** By the source address. */
  record ClusterCidr(Prefix cidr) implements LocalTraffic {
    @Override
    public String local() {
      return "-s " + cidr;
    }

    @Override
    public String notLocal() {
      return "! -s " + cidr;
    }
  }

  /** By the bridge that pods are on. */
  record BridgeInterface(String name) implements LocalTraffic {
    @Override
    public String local() {
      return "-i " + name;
    }

    @Override
    public String notLocal() {
      return "! -i " + name;
    }
  }

  /** By how the interfaces of pods begin. */
  record InterfaceNamePrefix(String prefix) implements LocalTraffic {
    @Override
    public String local() {
      return "-i " + prefix + "+";
    }

    @Override
    public String notLocal() {
      return "! -i " + prefix + "+";
    }
  }
}
