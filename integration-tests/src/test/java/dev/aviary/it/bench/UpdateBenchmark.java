package dev.aviary.it.bench;

import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.MessageCodec;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdateMessage;
import dev.aviary.bgp.message.UpdatePacker;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.AttributeCache;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.Ipv4Address;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** UPDATEs of six prefixes and the attributes of a table's usual route; time for each route. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpdateBenchmark {
  private static final int SETS = 1000;
  private static final int PREFIXES = 6;
  private static final int ROUTES = SETS * PREFIXES;

  private final SessionOptions options = options();
  private final AttributesBuilder builder = new AttributesBuilder();
  private final AttributeCache cache = new AttributeCache();
  private final PathAttributes[] sets = new PathAttributes[SETS];
  private final UpdatePacker packer = new UpdatePacker(AfiSafi.IPV4_UNICAST, options);
  private byte[] octets = new byte[0];
  private long sum;

  private static SessionOptions options() {
    var families = Set.of(AfiSafi.IPV4_UNICAST);
    return new SessionOptions(
        Behavior.RFC,
        AsNumber.of(65000),
        AsNumber.of(65001),
        false,
        true,
        families,
        Set.of(),
        Set.of(),
        true,
        Set.of(),
        true,
        false,
        Duration.ofSeconds(90),
        BgpIdentifier.of("10.0.0.2"),
        List.of());
  }

  /** A thousand different sets, held as a table holds them, and their UPDATEs. */
  @Setup
  public void fill() {
    for (int i = 0; i < SETS; i++) {
      sets[i] =
          cache.intern(
              PathAttributes.of(
                  new PathAttribute.OriginAttribute(Origin.IGP),
                  new PathAttribute.AsPathAttribute(
                      AsPath.sequence(
                          AsNumber.of(65001),
                          AsNumber.of(3356),
                          AsNumber.of(1299),
                          AsNumber.of(100_000 + i))),
                  new PathAttribute.NextHop(Ipv4Address.of("192.0.2.1")),
                  new PathAttribute.MultiExitDisc(i % 10),
                  new PathAttribute.Communities(
                      List.of(new Community(0xfde9_0001), new Community(0xfde9_0000 + i)))));
    }
    var encoded = encodeAll();
    octets = new byte[encoded.size()];
    encoded.octets().getBytes(0, octets);
    encoded.release();
  }

  private Encoded encodeAll() {
    var encoded = Encoded.allocate(1 << 16);
    for (int i = 0; i < SETS; i++) {
      packer.announce(sets[i]);
      for (int p = 0; p < PREFIXES; p++) {
        packer.add(encoded, (long) (0x0b00_0000 + ((i * PREFIXES + p) << 8)) << 32, 0, 24, 0);
      }
      packer.end(encoded);
    }
    return encoded;
  }

  /** Octets to prefixes and one shared set of attributes for each UPDATE. */
  @Benchmark
  @OperationsPerInvocation(ROUTES)
  public long decode() {
    for (int at = 0; at < octets.length; ) {
      int length = MessageCodec.length(octets, at);
      var decoded = MessageCodec.decode(octets, at, length, options);
      if (!(decoded instanceof MessageCodec.Whole(UpdateMessage update))) {
        throw new IllegalStateException("no UPDATE at " + at);
      }
      update.attributesTo(builder, false);
      var set = builder.build(cache);
      update.forEachClassic((high, _, _, _) -> sum += high);
      cache.release(set);
      at += length;
    }
    return sum;
  }

  /** Prefixes and attributes to octets. */
  @Benchmark
  @OperationsPerInvocation(ROUTES)
  public int encode() {
    var encoded = encodeAll();
    int size = encoded.size();
    encoded.release();
    return size;
  }
}
