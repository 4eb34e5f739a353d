package starling.simulate;

import java.util.ArrayList;
import java.util.List;

/** What the nodes of a site send and want to send, minute by minute. */
final class Minutes {
  private final VirtualSite site;
  private final List<Outcome.Sent> minutes = new ArrayList<>();
  private List<VirtualNode> livesBefore = List.of();
  private long[] bytesBefore = {};
  private double backlogBefore;

  Minutes(VirtualSite site) {
    this.site = site;
  }

  /** The first minute begins now. */
  void begin() {
    end(0);
    minutes.clear();
  }

  /** A minute is over. */
  void end(double seconds) {
    List<VirtualNode> lives = site.nodes();
    long[] bytes = new long[lives.size()];
    long sum = 0;
    long most = 0;
    long backlog = 0;
    int alive = 0;
    for (int i = 0; i < bytes.length; i++) {
      VirtualNode life = lives.get(i);
      bytes[i] = life.bytes();
      boolean same = i < livesBefore.size() && livesBefore.get(i) == life;
      long sent = same ? bytes[i] - bytesBefore[i] : bytes[i];
      sum += sent;
      most = Math.max(most, sent);
      backlog += life.alive() ? life.backlogBytes() : 0;
      alive += life.alive() ? 1 : 0;
    }
    livesBefore = lives;
    bytesBefore = bytes;
    double all = Math.max(1, alive);
    double wanted = (sum + backlog - backlogBefore) / all;
    backlogBefore = backlog;
    minutes.add(new Outcome.Sent(seconds, alive, sum / all, most, wanted, backlog / all));
  }

  List<Outcome.Sent> all() {
    return List.copyOf(minutes);
  }
}
