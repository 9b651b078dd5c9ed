package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.ipam.BlockAffinity.State;
import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.ConfigKey;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs the steps of one scenario of the schema calico-ipam-vectors/1. */
final class Scenario {
  final ScenarioInputs inputs = new ScenarioInputs();
  final IpamVariant variant;
  final FaultyStore store;
  final Ipam ipam;
  private final RawStore raw;
  private final AtomicLong nanos = new AtomicLong(1_800_000_000_000_000_000L);
  private final ScenarioVariables variables = new ScenarioVariables();

  /**
   * @param raw the store, and its keys and values as they stand
   */
  Scenario(IpamVariant variant, RawStore raw) {
    this.variant = variant;
    this.raw = raw;
    this.store = new FaultyStore(raw.store());
    this.ipam = new Ipam(store, inputs, nanos::incrementAndGet, variant);
  }

  void run(JsonNode scenario) throws Exception {
    var setup = scenario.get("setup");
    if (setup != null) {
      each(setup.get("nodes"), inputs::applyNode);
      each(setup.get("pools"), inputs::applyPool);
      if (setup.has("reservations")) {
        inputs.setReservations(setup.get("reservations"));
      }
      if (setup.has("config") && !setup.get("config").isNull()) {
        store.apply(new ConfigKey(), config(setup.get("config")));
      }
    }
    steps(scenario.get("steps"));
  }

  private static void each(@Nullable JsonNode list, java.util.function.Consumer<JsonNode> action) {
    if (list != null) {
      list.forEach(action);
    }
  }

  private static IpamConfig config(JsonNode config) {
    return new IpamConfig(
        flag(config, "strictAffinity"),
        flag(config, "autoAllocateBlocks"),
        number(config, "maxBlocksPerHost"),
        null,
        number(config, "ipCooldownSeconds"),
        Map.of());
  }

  /** Members that are left out are not looked at. */
  private static void check(IpamConfig config, JsonNode wanted) {
    if (wanted.has("strictAffinity")) {
      assertThat(config.strictAffinity()).isEqualTo(flag(wanted, "strictAffinity"));
    }
    if (wanted.has("autoAllocateBlocks")) {
      assertThat(config.autoAllocateBlocks()).isEqualTo(flag(wanted, "autoAllocateBlocks"));
    }
    if (wanted.has("maxBlocksPerHost")) {
      assertThat(config.maxBlocksPerHost()).isEqualTo(number(wanted, "maxBlocksPerHost"));
    }
  }

  private static boolean flag(JsonNode node, String name) {
    return node.has(name) && node.get(name).asBoolean();
  }

  static int number(JsonNode node, String name) {
    return node.has(name) ? node.get(name).asInt() : 0;
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.has(name) && !node.get(name).isNull() ? node.get(name).asString() : null;
  }

  private void steps(JsonNode steps) throws Exception {
    for (var step : steps) {
      var expect =
          step.has("expect")
              ? step.get("expect")
              : tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
      try {
        step(step, expect);
        assertThat(expect.get("error")).as("%s should have failed", step).isNull();
      } catch (IpamException e) {
        ScenarioErrors.check(step, expect.get("error"), e.error());
      }
    }
  }

  private void step(JsonNode step, JsonNode expect) throws Exception {
    switch (step.get("op").asString()) {
      case "autoAssign" -> autoAssign(step, expect);
      case "assignIP" ->
          ipam.assignIp(
              address(step, "ip"),
              required(step, "host"),
              text(step, "handle"),
              ScenarioInputs.texts(step.get("attrs")),
              reservation(step.get("reserve")),
              step.has("use") ? use(required(step, "use")) : null,
              number(step, "maxAllocPerVersion"));
      case "releaseIPs" -> releaseIps(step, expect);
      case "setOwnerAttributes" ->
          ipam.setOwners(
              address(step, "ip"),
              required(step, "handle"),
              new OwnerUpdate(part(step, "active"), part(step, "alternate")));
      case "releaseByHandle" -> ipam.releaseByHandle(required(step, "handle"));
      case "ipsByHandle" -> {
        var ips = ipam.ipsByHandle(required(step, "handle"));
        ScenarioErrors.count(
            "ips",
            ips.stream().map(Object::toString).toList(),
            expanded(expect.get("ips")),
            expect.get("ips"));
      }
      case "getAttributes" -> {
        var owner = ipam.assignmentAttributes(address(step, "ip"));
        if (expect.has("attrs")) {
          assertThat(owner.secondary()).isEqualTo(ScenarioInputs.texts(expect.get("attrs")));
        }
        if (expect.has("alternateAttrs")) {
          assertThat(owner.secondOwner())
              .isEqualTo(ScenarioInputs.texts(expect.get("alternateAttrs")));
        }
        if (expect.has("handle")) {
          assertThat(owner.handle()).isEqualTo(text(expect, "handle"));
        }
      }
      case "claimAffinity" -> claimAffinity(step, expect);
      case "releaseAffinity" ->
          ipam.releaseAffinity(cidr(step), required(step, "host"), flag(step, "mustBeEmpty"));
      case "releaseBlockAffinity" ->
          ipam.releaseBlockAffinity(
              store.get(new BlockKey(cidr(step)), Block.class).value(), flag(step, "mustBeEmpty"));
      case "releaseHostAffinities" ->
          ipam.releaseAffinities(owner(step), flag(step, "mustBeEmpty"));
      case "releasePoolAffinities" -> ipam.releasePoolAffinities(cidr(step));
      case "removeIPAMHost" -> ipam.removeIpamHost(required(step, "host"));
      case "getConfig" -> {
        if (expect.has("config")) {
          check(ipam.config(), expect.get("config"));
        }
      }
      case "setConfig" -> ipam.setConfig(config(step.get("config")));
      case "ensureBlock" -> ensureBlock(step, expect);
      case "getUtilization" -> ScenarioState.utilization(this, step, expect);
      case "applyNode" -> inputs.applyNode(step.get("node"));
      case "deleteNode" -> inputs.deleteNode(required(step, "name"));
      case "applyPool" -> inputs.applyPool(step.get("pool"));
      case "deletePool" -> inputs.deletePool(required(step, "name"));
      case "clearPools" -> inputs.clearPools();
      case "setReservations" -> inputs.setReservations(step.get("reservations"));
      case "repeat" -> {
        for (int i = 0; i < step.get("times").asInt(); i++) {
          steps(step.get("steps"));
        }
      }
      case "parallel" -> parallel(step.get("threads"));
      case "raceAssignIP" -> raceAssignIp(step, expect);
      case "state" -> ScenarioState.check(this, expect);
      case "putAffinity" ->
          store.apply(
              new AffinityKey(owner(step), cidr(step)),
              new BlockAffinity(state(required(step, "state"))));
      case "putEmptyBlock" ->
          store.apply(
              new BlockKey(cidr(step)),
              Block.create(
                  cidr(step),
                  text(step, "affinity"),
                  null,
                  step.has("claimedSecondsAgo") ? ago(number(step, "claimedSecondsAgo")) : null,
                  step.has("sequenceNumber") ? step.get("sequenceNumber").asLong() : 0));
      case "ageBlock" -> {
        var read = store.get(new BlockKey(cidr(step)), Block.class);
        store.apply(read.key(), aged(read.value(), ago(number(step, "seconds"))));
      }
      case "putRaw" ->
          raw.put(
              required(step, "key"),
              step.get("value").isString()
                  ? step.get("value").asString()
                  : step.get("value").toString());
      case "deleteRaw" -> raw.delete(required(step, "key"));
      case "deleteBlock" -> {
        var block = store.get(new BlockKey(cidr(step)), Block.class);
        store.delete(block.key(), block.revision());
      }
      case "inject" ->
          store.inject(
              new FaultyStore.Fault(
                  required(step, "verb"),
                  required(step, "key"),
                  number(step, "nth"),
                  step.has("result") ? required(step, "result") : "pass",
                  () -> unchecked(step.get("then"))));
      case "clearInjections" -> store.clear();
      default -> throw new AssertionError("operation " + step.get("op") + " is not known");
    }
  }

  private void unchecked(@Nullable JsonNode steps) {
    if (steps != null) {
      try {
        steps(steps);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static State state(String text) {
    for (var state : State.values()) {
      if (state.text().equals(text)) {
        return state;
      }
    }
    throw new AssertionError("state " + text);
  }

  private static String required(JsonNode step, String name) {
    var text = text(step, name);
    assertThat(text).as("%s of %s", name, step).isNotNull();
    return text;
  }

  private Prefix cidr(JsonNode step) {
    return Prefix.of(variables.one(required(step, "cidr")));
  }

  private IpAddress address(JsonNode step, String name) {
    return IpAddress.of(variables.one(required(step, name)));
  }

  List<String> expanded(@Nullable JsonNode list) {
    return variables.expanded(list);
  }

  private static @Nullable HostReservation reservation(@Nullable JsonNode node) {
    return node == null || node.isNull()
        ? null
        : new HostReservation(
            number(node, "start"),
            number(node, "end"),
            String.valueOf(text(node, "handle")),
            node.has("note") ? required(node, "note") : "");
  }

  private static BlockOwner owner(JsonNode step) {
    return new BlockOwner(
        "virtual".equals(text(step, "type")) ? BlockOwner.Kind.VIRTUAL : BlockOwner.Kind.HOST,
        required(step, "host"));
  }

  private Instant ago(int seconds) {
    return Instant.ofEpochSecond(nanos.get() / 1_000_000_000L).minusSeconds(seconds);
  }

  private static Block aged(Block block, Instant claimed) {
    return new Block(
        block.cidr,
        block.affinity,
        claimed,
        block.leases,
        block.queue,
        block.sequence,
        block.extras);
  }

  private static OwnerUpdate.Part part(JsonNode step, String name) {
    var big = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    var expected = step.get("expect" + big);
    return new OwnerUpdate.Part(
        step.has(name) ? ScenarioInputs.texts(step.get(name)) : null,
        flag(step, "clear" + big),
        expected == null
            ? null
            : new OwnerUpdate.Owner(required(expected, "name"), required(expected, "namespace")),
        flag(step, "verify" + big + "Empty"));
  }

  private void releaseIps(JsonNode step, JsonNode expect) throws IpamException {
    var options = new ArrayList<ReleaseOption>();
    variables.addresses(step.get("ips")).forEach(address -> options.add(ReleaseOption.of(address)));
    if (step.has("options")) {
      for (var option : step.get("options")) {
        options.add(
            new ReleaseOption(
                address(option, "ip"),
                text(option, "handle"),
                option.has("seq") ? option.get("seq").asLong() : null));
      }
    }
    var released = ipam.release(options);
    if (expect.has("unallocated")) {
      assertThat(released.unallocated())
          .containsExactlyInAnyOrderElementsOf(variables.addresses(expect.get("unallocated")));
    }
    if (expect.has("released") && variant == IpamVariant.MASTER) {
      assertThat(released.processed()).hasSize(expect.get("released").asInt());
    }
    if (released.error() != null) {
      throw new IpamException(released.error());
    }
  }

  private static @Nullable IntendedUse use(String text) {
    return Arrays.stream(IntendedUse.values())
        .filter(u -> u.text().equals(text))
        .findFirst()
        .orElse(null);
  }

  private void autoAssign(JsonNode step, JsonNode expect) throws IpamException {
    var use = step.has("use") ? required(step, "use") : "Workload";
    var assignment =
        ipam.autoAssign(
            new AssignRequest(
                required(step, "host"),
                number(step, "num4"),
                number(step, "num6"),
                text(step, "handle"),
                ScenarioInputs.texts(step.get("attrs")),
                variables.cidrs(step.get("pools4")),
                variables.cidrs(step.get("pools6")),
                number(step, "maxBlocksPerHost"),
                reservation(step.get("reserve4")),
                reservation(step.get("reserve6")),
                use(use),
                "windows".equals(text(step, "os")),
                step.has("namespace") && step.get("namespace").has("labels")
                    ? ScenarioInputs.texts(step.get("namespace").get("labels"))
                    : Map.of(),
                number(step, "maxAllocPerVersion")));
    variables.save(step, "v4", addressTexts(assignment.v4()));
    variables.save(step, "v6", addressTexts(assignment.v6()));
    ScenarioErrors.addresses(this, step, expect, "v4", assignment.v4());
    ScenarioErrors.addresses(this, step, expect, "v6", assignment.v6());
    if (assignment.error() != null) {
      throw new IpamException(assignment.error());
    }
  }

  private static List<String> addressTexts(Assignment.@Nullable Addresses addresses) {
    return addresses == null
        ? List.of()
        : addresses.assigned().stream().map(a -> a.address().toString()).toList();
  }

  private void claimAffinity(JsonNode step, JsonNode expect) throws IpamException {
    var answer = ipam.claimAffinity(cidr(step), owner(step));
    ScenarioErrors.count(
        "claimed",
        answer.claimed().stream().map(Object::toString).toList(),
        expanded(expect.get("claimed")),
        expect.get("claimed"));
    ScenarioErrors.count(
        "failed",
        answer.failed().stream().map(Object::toString).toList(),
        expanded(expect.get("failed")),
        expect.get("failed"));
    if (answer.error() != null) {
      throw new IpamException(answer.error());
    }
  }

  private void ensureBlock(JsonNode step, JsonNode expect) throws IpamException {
    var ensured =
        ipam.ensureBlocks(
            required(step, "host"),
            variables.cidrs(step.get("pools4")),
            variables.cidrs(step.get("pools6")),
            reservation(step.get("reserve4")),
            reservation(step.get("reserve6")));
    block(step, expect, "v4", ensured.v4());
    block(step, expect, "v6", ensured.v6());
  }

  private void block(JsonNode step, JsonNode expect, String family, @Nullable Prefix block) {
    var wanted = expect.get(family);
    if (block == null) {
      assertThat(wanted == null || wanted.isNull()).as("%s of %s", family, step).isTrue();
      return;
    }
    variables.save(step, family, List.of(block.toString()));
    if (wanted == null || wanted.isNull()) {
      return;
    }
    for (var name : List.of("block", "seededBlock")) {
      if (wanted.has(name)) {
        assertThat(block).hasToString(variables.one(required(wanted, name)));
      }
    }
    if (wanted.has("inCidrs")) {
      assertThat(variables.cidrs(wanted.get("inCidrs"))).anyMatch(cidr -> cidr.contains(block));
    }
  }

  private void parallel(JsonNode threads) throws Exception {
    try (var executor = Executors.newFixedThreadPool(threads.size())) {
      var tasks = new ArrayList<Callable<Boolean>>();
      for (var thread : threads) {
        tasks.add(
            () -> {
              steps(thread);
              return true;
            });
      }
      for (var done : executor.invokeAll(tasks)) {
        done.get();
      }
    }
  }

  private void raceAssignIp(JsonNode step, JsonNode expect) throws Exception {
    try (var executor = Executors.newFixedThreadPool(8)) {
      var tasks = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < step.get("callers").asInt(); i++) {
        tasks.add(
            () -> {
              try {
                ipam.assignIp(address(step, "ip"), required(step, "host"), null, Map.of(), null);
                return true;
              } catch (IpamException _) {
                return false;
              }
            });
      }
      int successes = 0;
      for (var done : executor.invokeAll(tasks)) {
        successes += done.get() ? 1 : 0;
      }
      assertThat(successes).isEqualTo(expect.get("successes").asInt());
    }
  }
}
