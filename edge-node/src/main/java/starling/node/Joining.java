package starling.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.join.Answer;
import starling.join.Answers;
import starling.join.Invite;
import starling.join.JoinRequest;
import starling.join.JoinTopics;
import starling.link.Presets;
import starling.link.mqtt.BrokerSession;
import starling.link.mqtt.Message;
import starling.model.NodeId;
import starling.wire.MalformedException;

/**
 * A board that has an invite and no place yet: makes its identity, asks at the broker until the
 * operator has decided, and then has what any node has. Its private key never leaves it.
 */
final class Joining {
  /** The keys of a configuration that are for this. */
  static final List<Configuration.Key> KEYS =
      List.of(
          new Configuration.Key(
              "join.invite", "file with the invite, mode 0600 (starling keys invite)"),
          new Configuration.Key(
              "join.broker", "where to ask for a place: tcp://host:1883, or mqtts://host:8883"),
          new Configuration.Key("join.user", "that broker's user name"),
          new Configuration.Key("join.password_file", "file with the password, mode 0600"),
          new Configuration.Key(
              "join.ca_file", "mqtts: who certifies the broker (PEM); the system's if not set"),
          new Configuration.Key("join.certificate_file", "mqtts: our own certificate (PEM)"),
          new Configuration.Key("join.key_file", "mqtts: its key (PEM, PKCS #8), mode 0600"));

  private static final Logger LOG = System.getLogger(Joining.class.getName());
  private static final long ASK_MILLIS = 2_000;
  private static final int ANSWERS_MAX = 8;
  private static final long STALL_MILLIS = 20_000;
  private static final int CHECK_SECONDS = 30;

  /** Before that a clock has not been set since the board was switched on. */
  private static final Instant SET = Instant.parse("2026-01-01T00:00:00Z");

  private final Configuration from;
  private final Invite invite;
  private final KeyFile.Identity identity;
  private final JoinRequest request;
  private final Optional<StatusFile> status;
  private final BlockingQueue<byte[]> answers = new ArrayBlockingQueue<>(ANSWERS_MAX);
  private final Set<String> told = new HashSet<>();
  private volatile String broker = "not reached yet";

  private Joining(
      Configuration from, Invite invite, KeyFile.Identity identity, Optional<StatusFile> status) {
    this.from = from;
    this.invite = invite;
    this.identity = identity;
    this.status = status;
    this.request = JoinRequest.of(invite, identity.publicKey(), identity.privateKey());
  }

  /**
   * Waits for a place if the configuration has an invite and no site key yet.
   *
   * @param waiting is told that this board waits, and as whom
   * @throws ConfigurationException the invite won't do, or the operator does not want this board
   */
  static void ifInvited(Configuration from, Optional<StatusFile> status, Consumer<String> waiting)
      throws ConfigurationException, IOException, InterruptedException {
    if (from.text("join.invite").isEmpty() || Files.exists(from.path("node.site_key"))) {
      return;
    }
    Invite invite = invite(from);
    Joining joining = new Joining(from, invite, identity(from.path("node.identity")), status);
    joining.show();
    waiting.accept(
        "waiting to join as " + invite.card().path() + ", " + joining.request.fingerprint());
    joining.ask();
  }

  private static Invite invite(Configuration from) throws ConfigurationException, IOException {
    byte[] bytes = SmallFile.readSecret(from.path("join.invite"), Invite.TEXT_MAX_CHARS);
    try {
      Invite invite = Invite.read(new String(bytes, StandardCharsets.US_ASCII));
      if (!HexFormat.of()
          .formatHex(invite.card().operator())
          .equals(from.required("node.operator"))) {
        throw from.refused("join.invite", "is a stranger's: node.operator did not sign it");
      }
      refuseExpired(from, invite);
      return invite;
    } catch (MalformedException e) {
      throw from.refused("join.invite", "is " + e.getMessage());
    }
  }

  private static void refuseExpired(Configuration from, Invite invite)
      throws ConfigurationException {
    Instant now = Instant.now();
    Instant ends = Instant.ofEpochSecond(invite.card().expiresSeconds());
    if (now.isAfter(SET) && now.isAfter(ends)) {
      throw from.refused(
          "join.invite",
          "expired at " + ends + "; ask the operator for another: starling keys invite");
    }
  }

  private static KeyFile.Identity identity(Path file) throws IOException {
    if (Files.notExists(file)) {
      KeyFile.write(file, KeyFile.generate());
    }
    return KeyFile.readIdentity(file);
  }

  private void ask() throws ConfigurationException, IOException, InterruptedException {
    try (BrokerSession session = new BrokerSession(settings(), new Ears())) {
      session.open();
      Answer.@Nullable Welcome welcome = null;
      while (welcome == null) {
        refuseExpired(from, invite);
        session.publish(new Message(JoinTopics.ask(request), request.bytes(), 0, false), _ -> {});
        show();
        welcome = await();
      }
      settle(welcome);
    }
  }

  private BrokerSession.Settings settings() throws ConfigurationException, IOException {
    return new BrokerSession.Settings(
        Links.brokers(NodeSettings.mqtt(from, "join.", "join", Presets.MQTT.profile())),
        "starling-join-" + request.id(),
        Optional.empty(),
        List.of(JoinTopics.told(request)),
        Optional.empty(),
        Answer.BYTES_MAX + Invite.TEXT_MAX_CHARS,
        2,
        STALL_MILLIS,
        CHECK_SECONDS);
  }

  /** What was decided within the time between two questions, if it was. */
  private Answer.@Nullable Welcome await() throws ConfigurationException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ASK_MILLIS);
    long left = until - System.nanoTime();
    while (left > 0) {
      byte[] bytes = answers.poll(left, TimeUnit.NANOSECONDS);
      if (bytes != null) {
        switch (read(bytes)) {
          case Answer.Welcome welcome -> {
            return welcome;
          }
          case Answer.Denied() ->
              throw from.refused("join.invite", "was shown to the operator, who denied this board");
          case Answer.Refused refused -> say("not taken at the broker: " + refused.reason());
          case Answer.Waiting() -> say("the operator's desk has the request");
        }
      }
      left = until - System.nanoTime();
    }
    return null;
  }

  private Answer read(byte[] bytes) {
    try {
      return Answers.read(bytes, request, identity.privateKey());
    } catch (MalformedException e) {
      return new Answer.Refused("an answer that is not believed, " + e.getMessage());
    }
  }

  private void say(String what) {
    if (told.size() < ANSWERS_MAX && told.add(what)) {
      LOG.log(Level.INFO, what);
    }
  }

  private void show() {
    say(
        "waiting to join as "
            + invite.card().path()
            + "; compare this fingerprint with 'starling keys pending': "
            + request.fingerprint());
    status.ifPresent(file -> {
      String id = NodeId.of(identity.publicKey()).toString();
      Json json = StatusFile.begin("waiting", invite.card().path(), id);
      json.name("fingerprint").text(request.fingerprint()).name("broker").text(broker);
      String text =
          "%s: waiting to join%n  fingerprint %s%n  id          %s%n  broker      %s%n"
              .formatted(invite.card().path(), request.fingerprint(), id, broker);
      file.write(new StatusFile.Status(json.end('}'), text, text));
    });
  }

  /** The site's key comes last: a board that has it has joined. */
  private void settle(Answer.Welcome welcome) throws ConfigurationException, IOException {
    try {
      Operator operator = new Operator(invite.card().operator());
      for (byte[] page : PageCodec.unbundle(welcome.charter())) {
        PageCodec.open(page, operator);
      }
    } catch (MalformedException e) {
      throw new IOException("the welcome's charter won't do: " + e.getMessage(), e);
    }
    Path charter = from.path("node.charter");
    Path next = charter.resolveSibling(charter.getFileName() + ".next");
    Files.write(next, welcome.charter());
    Files.move(next, charter, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    KeyFile.writeSite(from.path("node.site_key"), welcome.siteKeys());
    forget(from.path("join.invite"));
    LOG.log(Level.INFO, "joined as {0}", invite.card().path());
  }

  /** It is used up; where it can't be deleted it is of no use to anybody. */
  private static void forget(Path invite) {
    try {
      Files.deleteIfExists(invite);
    } catch (IOException e) {
      // as on a board, whose configuration it may not write to
    }
  }

  private final class Ears implements BrokerSession.Listener {
    @Override
    public void state(boolean up, String reason) {
      broker = (up ? "up, " : "down, ") + reason;
      say(reason);
    }

    @Override
    public void message(String topic, byte[] payload, boolean retained) {
      boolean _ = answers.offer(payload); // more than a few are somebody's noise
    }

    @Override
    public int subscriptionQos() {
      return 1;
    }
  }
}
