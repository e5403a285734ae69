package dev.freeway.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `freeway`: the commands.
@Command(
    name = "freeway",
    description = "DevOps on AWS, self-hosted: one endpoint that AWS tools work against.",
    mixinStandardHelpOptions = true,
    version = "freeway 0.1.0",
    subcommands = {
      CommandLine.HelpCommand.class,
      Up.class,
      Down.class,
      Status.class,
      Env.class,
      BuildCommand.class,
      DemoCommand.class
    })
public final class Main implements Runnable {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
