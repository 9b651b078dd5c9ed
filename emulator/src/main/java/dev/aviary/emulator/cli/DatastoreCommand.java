package dev.aviary.emulator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code aviary datastore migrate …}: calicoctl's lock on the datastore. */
@Command(
    name = "datastore",
    description = "The datastore, as calicoctl handles it.",
    subcommands = DatastoreCommand.Migrate.class)
final class DatastoreCommand {
  private DatastoreCommand() {}

  /** {@code aviary datastore migrate}. */
  @Command(
      name = "migrate",
      description = "Locks the datastore for a migration, and unlocks it.",
      subcommands = {Lock.class, Unlock.class})
  static final class Migrate {
    private Migrate() {}
  }

  /** {@code aviary datastore migrate lock}. */
  @Command(name = "lock", description = "Locks the datastore: pools may be split then.")
  static final class Lock implements Callable<Integer> {
    private final Context context;

    Lock(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      return context.withIpam(false, verbs -> verbs.lock(true));
    }
  }

  /** {@code aviary datastore migrate unlock}. */
  @Command(name = "unlock", description = "Unlocks the datastore.")
  static final class Unlock implements Callable<Integer> {
    private final Context context;

    Unlock(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      return context.withIpam(false, verbs -> verbs.lock(false));
    }
  }
}
