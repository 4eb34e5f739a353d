package starling.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import starling.bench.Report;
import starling.progress.Progress;
import starling.progress.ProgressBar;

/** What all of {@code starling bench} have in common: rows, and whether they hit their targets. */
abstract class Benchmark implements Callable<Integer> {
  /** By then a node has started, met nobody, and compiled what it will. */
  static final Duration SETTLE = Duration.ofSeconds(10);

  @Spec private @Nullable CommandSpec spec;
  @ArgGroup private @Nullable Form form;

  private CommandLine verb() {
    return Objects.requireNonNull(spec).commandLine();
  }

  /** Whether rows are wanted one by one as they come. */
  final boolean streams() {
    return form != null && form.json();
  }

  final void print(List<Map<String, Object>> rows) {
    PrintWriter out = verb().getOut();
    (form == null ? Report.TABLE : form.report()).print(rows, out);
    out.flush();
  }

  /** Prints rows of which some say whether they are {@code ok}, and fails if one is not. */
  final int judged(List<Map<String, Object>> rows) {
    print(rows);
    return missed(rows);
  }

  /** Fails if a row is not {@code ok}. */
  final int missed(List<Map<String, Object>> rows) {
    long missed = rows.stream().filter(row -> Boolean.FALSE.equals(row.get("ok"))).count();
    if (missed > 0) {
      PrintWriter err = verb().getErr();
      err.println("starling: " + missed + " of " + rows.size() + " rows miss their target");
      err.println("Look for ok = false; more --seeds or --runs tell chance from fault.");
    }
    return missed == 0 ? 0 : 1;
  }

  /** How results came about, and what might be wrong with them. */
  final void explain(String method) {
    PrintWriter err = verb().getErr();
    err.println(method);
    OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
    double load = machine.getSystemLoadAverage();
    int processors = machine.getAvailableProcessors();
    if (load > processors) {
      err.printf(
          "This machine is busy (load %.1f on %d): times are upper bounds.%n", load, processors);
    }
  }

  final Progress bar() {
    return ProgressBar.on(verb().getErr());
  }

  /** What can't be made of the options is wrong usage. */
  final <T> T refusing(Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(verb(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The same, of one option. */
  final ParameterException refused(String why) {
    return new ParameterException(verb(), why);
  }
}
