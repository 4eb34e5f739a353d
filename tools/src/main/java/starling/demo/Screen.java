package starling.demo;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@link Table} on a terminal, drawn over itself. */
final class Screen implements View {
  private static final char ESCAPE = 27;
  private static final String WRAP_OFF = ESCAPE + "[?7l";
  private static final String WRAP_ON = ESCAPE + "[?7h";
  private static final String CLEAR_LINE = ESCAPE + "[K";
  private static final String CLEAR_BELOW = ESCAPE + "[J";

  private final PrintWriter out;
  private final Table table;
  private final Board board;
  private @Nullable Ready ready;
  private int drawn;

  Screen(PrintWriter out, Table table, Board board) {
    this.out = out;
    this.table = table;
    this.board = board;
  }

  @Override
  public void ready(Ready now) {
    ready = now;
    tick(now.startMillis());
  }

  @Override
  public void heard(Heard heard) {
    // The board has it; the next tick shows it.
  }

  @Override
  public void first(Timekeeper.First first) {
    board.first(first);
  }

  @Override
  public void tick(long nowMillis) {
    if (ready != null) {
      draw(table.render(ready, board, nowMillis));
    }
  }

  @Override
  public void checked(Verdict verdict) {
    verdict.lines().forEach(out::println);
    out.flush();
  }

  private void draw(List<String> lines) {
    StringBuilder picture = new StringBuilder(WRAP_OFF);
    if (drawn > 0) {
      picture.append(ESCAPE).append('[').append(drawn).append('A');
    }
    lines.forEach(line -> picture.append(line).append(CLEAR_LINE).append('\n'));
    picture.append(CLEAR_BELOW).append(WRAP_ON);
    out.print(picture);
    out.flush();
    drawn = lines.size();
  }
}
