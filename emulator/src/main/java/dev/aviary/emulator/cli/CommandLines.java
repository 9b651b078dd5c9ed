package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Runs one command line, in a cluster of this process or without one. */
final class CommandLines {
  private static final Logger log = LoggerFactory.getLogger(CommandLines.class);

  private CommandLines() {}

  /** The command's exit code; whatever it throws becomes one line and a code. */
  static int run(Console console, @Nullable Cluster cluster, List<String> words) {
    return run(new Context(console, cluster, words));
  }

  static int run(Context context) {
    var console = context.console();
    var words = context.words();
    var commandLine = new CommandLine(RootCommand.class, factory(context));
    commandLine.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    commandLine.setExecutionExceptionHandler((e, _, _) -> report(console, e));
    commandLine.setParameterExceptionHandler(
        (e, _) -> {
          console
              .err()
              .println("aviary: " + oneLine(e) + " (see: " + help(e.getCommandLine()) + ")");
          return ExitCodes.USAGE;
        });
    int code = commandLine.execute(words.toArray(String[]::new));
    console.out().flush();
    return code;
  }

  private static String help(CommandLine command) {
    return command.getCommandSpec().qualifiedName() + " --help";
  }

  private static String oneLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static int report(Console console, Exception e) {
    if (e instanceof ClusterException refused) {
      console.err().println("aviary: " + refused.getMessage());
      return switch (refused.reason()) {
        case INPUT -> ExitCodes.INPUT;
        case ENVIRONMENT -> ExitCodes.ENVIRONMENT;
      };
    }
    if (e instanceof InterruptedException) {
      return ExitCodes.INTERRUPTED;
    }
    if (e instanceof java.io.IOException) {
      console.err().println("aviary: " + e.getMessage());
      return ExitCodes.ENVIRONMENT;
    }
    // A bug of ours: the trace goes to the log, the person gets a line.
    log.error("internal error", e);
    console.err().println("aviary: internal error: " + e);
    return ExitCodes.FAILED;
  }

  /** Commands take the context in their constructor, if they take anything. */
  private static IFactory factory(Context context) {
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        for (var constructor : type.getDeclaredConstructors()) {
          if (List.of(constructor.getParameterTypes()).equals(List.of(Context.class))) {
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance(context));
          }
          if (constructor.getParameterCount() == 0 && type.getName().startsWith("dev.aviary")) {
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance());
          }
        }
        return CommandLine.defaultFactory().create(type);
      }
    };
  }
}
