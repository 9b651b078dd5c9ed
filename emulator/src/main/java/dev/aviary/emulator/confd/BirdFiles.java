package dev.aviary.emulator.confd;

import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.net.IpFamily;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The files of one node, by name: bird.cfg, bird_aggr.cfg, bird_ipam.cfg, and IPv6's three. */
public record BirdFiles(SequencedMap<String, String> texts) {
  public BirdFiles {
    texts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(texts));
  }

  /**
   * What confd writes on a node of which this was decided, one value per family; for BIRD 2 it is
   * one file, bird.conf.
   */
  public static BirdFiles of(List<NodeBgp> families, BirdSpelling spelling) {
    var texts = new LinkedHashMap<String, String>();
    if (spelling == BirdSpelling.BIRD_2_0) {
      texts.put("bird.conf", new Bird2(families).text());
      return new BirdFiles(texts);
    }
    boolean tunnels = spelling == BirdSpelling.CALICO;
    for (var bgp : families) {
      var bird = daemon(bgp.family());
      switch (bgp.version()) {
        case V3_22 -> {
          var writer = new BirdV322(bgp, bird, tunnels);
          texts.put(bird + ".cfg", writer.main());
          texts.put(bird + "_aggr.cfg", writer.aggregation());
          texts.put(bird + "_ipam.cfg", writer.pools());
        }
        case MASTER -> {
          var writer = new BirdMaster(bgp, bird, tunnels);
          texts.put(bird + ".cfg", writer.main());
          texts.put(bird + "_aggr.cfg", writer.aggregation());
          texts.put(bird + "_ipam.cfg", writer.pools());
        }
      }
    }
    return new BirdFiles(texts);
  }

  /** BIRD 1 has a daemon for each family. */
  static String daemon(IpFamily family) {
    return family == IpFamily.IPV4 ? "bird" : "bird6";
  }
}
