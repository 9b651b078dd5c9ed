package dev.aviary.emulator.cli;

import dev.aviary.emulator.calicoctl.Answer;
import dev.aviary.emulator.calicoctl.ClusterSite;
import dev.aviary.emulator.calicoctl.IpamSite;
import dev.aviary.emulator.calicoctl.IpamVerbs;
import dev.aviary.emulator.cluster.Cluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a verb runs in: its console, and the cluster where one runs in this process.
 *
 * @param site where the verbs about addresses look; null for the cluster
 * @param words the whole command line, to be handed on to another process
 */
record Context(
    Console console, @Nullable Cluster cluster, @Nullable IpamSite site, List<String> words) {

  /** Verbs about addresses look at the cluster, as all do. */
  Context(Console console, @Nullable Cluster cluster, List<String> words) {
    this(console, cluster, null, words);
  }

  /** What a verb does with a cluster. */
  interface Work {
    int on(Cluster cluster) throws Exception;
  }

  /** Runs {@code work} here, or has the cluster of another terminal run the same words. */
  int withCluster(Work work) throws Exception {
    return cluster != null
        ? work.on(cluster)
        : ControlClient.call(ControlSocket.path(Optional.<Path>empty()), words, console);
  }

  /** Runs a verb of calicoctl's and prints its answer. */
  int withIpam(boolean allowVersionMismatch, Function<IpamVerbs, Answer> verb) throws Exception {
    return site != null
        ? print(verb.apply(new IpamVerbs(site, allowVersionMismatch)))
        : withCluster(
            running ->
                print(verb.apply(new IpamVerbs(new ClusterSite(running), allowVersionMismatch))));
  }

  private int print(Answer answer) {
    console.out().print(answer.stdout());
    console.out().flush();
    console.err().print(answer.stderr());
    console.err().flush();
    return answer.exit();
  }
}
