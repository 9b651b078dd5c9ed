package dev.aviary.felix.calc;

import dev.aviary.felix.selector.Selector;

/** A set that a rule asks for, by what decides its members. */
sealed interface RuleSet {

  /** Its id, in which the content is hashed. */
  String id();

  /** What {@code selector} selects, in its normal form. */
  record Selected(Selector selector) implements RuleSet {
    @Override
    public String id() {
      return CalicoNames.uniqueId("s", selector.toString());
    }
  }

  /** The ports called {@code port} of what {@code selector} selects. */
  record Named(Selector selector, Protocol protocol, String port) implements RuleSet {
    @Override
    public String id() {
      return CalicoNames.uniqueId("n", new Selected(selector).id() + "," + protocol + "," + port);
    }
  }

  /** Where a service's traffic goes, with or without the ports. */
  record OfService(PolicyRule.ServiceName service, boolean withPorts) implements RuleSet {
    @Override
    public String id() {
      return CalicoNames.uniqueId(
          withPorts ? "svc" : "svcnoport", service.namespace() + "/" + service.name());
    }
  }
}
