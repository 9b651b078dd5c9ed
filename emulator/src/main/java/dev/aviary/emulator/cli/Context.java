package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a verb runs in: its console, and the cluster where one runs in this process.
 *
 * @param words the whole command line, to be handed on to another process
 */
record Context(Console console, @Nullable Cluster cluster, List<String> words) {

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
}
