package starling.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.join.Answer;
import starling.join.Answers;
import starling.join.Invite;
import starling.join.JoinRequest;
import starling.model.Charter;
import starling.model.Member;
import starling.model.NodeId;
import starling.model.Page;
import starling.node.KeyFile;

/**
 * Places that an operator keeps for boards whose identities are made elsewhere, and who gets them.
 * Which invites were used is in the file {@code invites} of the site's directory, so that each
 * serves once, also when the node that came of it has been retired.
 *
 * @param site where the charter is signed
 */
public record Invitations(SiteDirectory site) {
  /** The longest time that an invite may be good for. */
  public static final int HOURS_MAX = 24 * 30;

  /**
   * Makes an invite. Nothing else is changed: the place is in the roster once a board has it.
   *
   * @param hours how long it is good for
   * @throws IllegalArgumentException there can't be such a node, or there is one
   */
  public Invite invite(String path, int schema, Set<Duty> duties, int hours, Instant now)
      throws IOException {
    if (hours < 1 || hours > HOURS_MAX) {
      throw new IllegalArgumentException(
          "an invite is good for 1 to " + HOURS_MAX + " hours, not " + hours);
    }
    Draft draft = Draft.of(site.charter()); // whether it could be added now
    draft.node(path, KeyFile.generate().publicKey(), schema, duties);
    CharterCheck.check(draft.charter());
    KeyFile.Identity operator = site.operator();
    long ends = now.getEpochSecond() + hours * 3600L;
    return Invite.of(operator.publicKey(), operator.privateKey(), path, schema, duties, ends);
  }

  /**
   * Gives a board its place: signs the charter with it, unless that was done before, and seals what
   * it needs for it alone.
   *
   * @return what to tell the board
   * @throws IllegalArgumentException the invite won't do, or the place is another's
   */
  public byte[] approve(JoinRequest request, Instant now) throws IOException {
    Invite.Card card = request.card();
    KeyFile.Identity operator = site.operator();
    check(card, operator, now);
    Optional<Member> there = member(site.charter(), card.path());
    NodeId id = NodeId.of(request.node());
    if (there.isPresent() && !there.get().id().equals(id)) {
      throw new IllegalArgumentException(
          card.path()
              + " is node "
              + there.get().id()
              + " by now, and this board is "
              + id
              + ": invite it to another place, or retire that node first");
    }
    if (there.isEmpty()) {
      refuseUsed(card);
      Draft draft = Draft.of(site.charter());
      site.save(draft.node(card.path(), request.node(), card.schema(), card.duties()));
    }
    note(card, id.toString());
    int cell = cell(site.charter(), card.path());
    Answer.Welcome welcome =
        new Answer.Welcome(new TreeMap<>(KeyFile.siteKeys(site.siteKey())), site.branch(cell));
    return Answers.welcome(welcome, request, operator.privateKey());
  }

  /** Denies it: the board ends, and its invite is used up. */
  public byte[] deny(JoinRequest request, Instant now) throws IOException {
    KeyFile.Identity operator = site.operator();
    check(request.card(), operator, now);
    note(request.card(), "denied");
    return Answers.deny(request, operator.privateKey());
  }

  private static void check(Invite.Card card, KeyFile.Identity operator, Instant now) {
    if (!card.isOf(operator.publicKey())) {
      throw new IllegalArgumentException(
          "this invite is a stranger's: it was not signed by this site's operator");
    }
    Instant ends = Instant.ofEpochSecond(card.expiresSeconds());
    if (now.isAfter(ends)) {
      throw new IllegalArgumentException("this invite expired at " + ends + "; make another");
    }
  }

  // ---- which were used

  private Path file() {
    return site.root().resolve("invites");
  }

  private static String name(Invite.Card card) {
    return HexFormat.of().formatHex(card.key());
  }

  private Map<String, String> used() throws IOException {
    Map<String, String> used = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(file())) {
        String[] words = line.split(" ", 3);
        if (words.length == 3) {
          used.put(words[0], words[1] + " " + words[2]);
        }
      }
    } catch (NoSuchFileException e) {
      // none yet
    }
    return used;
  }

  private void refuseUsed(Invite.Card card) throws IOException {
    String use = used().get(name(card));
    if (use != null) {
      throw new IllegalArgumentException(
          "this invite was used ("
              + use.substring(use.indexOf(' ') + 1)
              + "): each serves once; make another");
    }
  }

  private void note(Invite.Card card, String outcome) throws IOException {
    if (!used().containsKey(name(card))) {
      String line = name(card) + " " + card.path() + " " + outcome + "\n";
      Files.write(
          file(),
          List.of(line.strip()),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
    }
  }

  private static Optional<Member> member(Charter charter, String path) {
    for (Page page : charter.pages().values()) {
      if (page instanceof Page.Cell cell) {
        String zone = charter.path(cell.zone()).orElse("") + "/";
        for (Member member : cell.members()) {
          if (path.equals(zone + member.name())) {
            return Optional.of(member);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static int cell(Charter charter, String path) {
    String zone = path.substring(0, path.lastIndexOf('/'));
    return charter.pages().values().stream()
        .filter(page -> page instanceof Page.Cell)
        .filter(page -> charter.path(page.zone()).orElse("").equals(zone))
        .findFirst()
        .orElseThrow()
        .zone();
  }
}
