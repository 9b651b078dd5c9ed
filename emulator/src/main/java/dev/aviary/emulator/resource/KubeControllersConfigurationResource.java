package dev.aviary.emulator.resource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Calico's KubeControllersConfiguration, whose only one is called "default": which controllers run,
 * and with what settings.
 *
 * @param node empty where the node controller is left out, and so does not run
 */
public record KubeControllersConfigurationResource(
    Metadata metadata, Source source, Optional<NodeController> node) implements Resource {

  private static final List<String> SWITCH = List.of("Enabled", "Disabled");

  /**
   * What the node controller is to do.
   *
   * @param leakGracePeriod how long an address must be nobody's until it is given back; zero for
   *     never, empty where nothing is said
   */
  public record NodeController(Optional<Duration> leakGracePeriod) {}

  static KubeControllersConfigurationResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    if (!metadata.name().isEmpty() && !metadata.name().equals("default")) {
      fields
          .object("metadata")
          .problem(
              "name",
              "Cannot create a Kube Controllers Configuration resource with a name other than"
                  + " \"default\"");
    }
    var spec = fields.object("spec");
    spec.text("logSeverityScreen");
    spec.oneOf("healthChecks", SWITCH);
    spec.number("prometheusMetricsPort", 0, 65535);
    spec.number("debugProfilePort", 0, 65535);
    spec.parsed("etcdV3CompactionPeriod", GoDuration::parse, GoDuration.EXPECTED);
    var controllers = spec.object("controllers");
    var node = Optional.<NodeController>empty();
    if (controllers.has("node")) {
      node = Optional.of(readNode(controllers.object("node")));
    }
    for (var other : List.of("policy", "workloadEndpoint", "serviceAccount", "namespace")) {
      var controller = controllers.object(other);
      period(controller);
      controller.done();
    }
    controllers.accept("loadBalancer");
    controllers.done();
    spec.done();
    return new KubeControllersConfigurationResource(metadata, source, node);
  }

  private static NodeController readNode(Fields node) {
    period(node);
    node.oneOf("syncLabels", SWITCH);
    var hostEndpoint = node.object("hostEndpoint");
    if (hostEndpoint.oneOf("autoCreate", SWITCH).filter("Enabled"::equals).isPresent()) {
      hostEndpoint.problem(
          "autoCreate", "host endpoints are not created here; write them as HostEndpoints");
    }
    hostEndpoint.accept("createDefaultHostEndpoint", "templates");
    hostEndpoint.done();
    var read =
        new NodeController(node.parsed("leakGracePeriod", GoDuration::parse, GoDuration.EXPECTED));
    node.done();
    return read;
  }

  private static void period(Fields controller) {
    controller.parsed("reconcilerPeriod", GoDuration::parse, GoDuration.EXPECTED);
  }
}
