package starling.node;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * As little of a broker as a {@link Rehearsal}'s nodes need: MQTT 3.1.1 at QoS 0, topics without
 * wildcards, one subscription a client, clients on this machine that mean well.
 */
final class Switchboard implements AutoCloseable {
  private static final int CONNECT = 1;
  private static final int PUBLISH = 3;
  private static final int SUBSCRIBE = 8;
  private static final int PINGREQ = 12;
  private static final byte[] CONNACK = {0x20, 2, 0, 0};
  private static final byte[] PINGRESP = {(byte) 0xD0, 0};

  private final ServerSocket door;
  private final Map<String, OutputStream> subscribers = new ConcurrentHashMap<>();

  private Switchboard(ServerSocket door) {
    this.door = door;
  }

  static Switchboard open() throws IOException {
    Switchboard opened = new Switchboard(new ServerSocket(0, 8, InetAddress.getLoopbackAddress()));
    Thread.ofPlatform().name("switchboard").daemon().start(opened::answer);
    return opened;
  }

  URI uri() {
    return URI.create("tcp://127.0.0.1:" + door.getLocalPort());
  }

  private void answer() {
    try {
      while (true) {
        Socket client = door.accept();
        Thread.ofPlatform().name("client").daemon().start(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
      OutputStream out = client.getOutputStream();
      while (true) {
        int head = in.readUnsignedByte();
        byte[] body = in.readNBytes(length(in));
        switch (head >> 4) {
          case CONNECT -> out.write(CONNACK);
          case SUBSCRIBE -> {
            subscribers.put(topic(body, 2), out);
            out.write(new byte[] {(byte) 0x90, 3, body[0], body[1], 0});
          }
          case PUBLISH -> pass(head, body);
          case PINGREQ -> out.write(PINGRESP);
          default -> {
            return;
          }
        }
      }
    } catch (IOException e) {
      // It left.
    }
  }

  private void pass(int head, byte[] body) {
    String topic = topic(body, 0);
    OutputStream to = subscribers.get(topic);
    if (to != null) {
      ByteBuffer packet = ByteBuffer.allocate(5 + body.length).put((byte) head);
      int rest = body.length;
      for (; rest > 0x7F; rest >>= 7) {
        packet.put((byte) (rest | 0x80));
      }
      packet.put((byte) rest).put(body);
      try {
        to.write(packet.array(), 0, packet.position());
      } catch (IOException e) {
        subscribers.remove(topic, to); // It left; whoever speaks to it stays.
      }
    }
  }

  /** A remaining length (section 2.2.3). */
  private static int length(DataInputStream in) throws IOException {
    int length = 0;
    int digit;
    int shift = 0;
    do {
      digit = in.readUnsignedByte();
      length |= (digit & 0x7F) << shift;
      shift += 7;
    } while (digit > 0x7F);
    return length;
  }

  private static String topic(byte[] body, int at) {
    int length = ByteBuffer.wrap(body).getShort(at);
    return new String(body, at + 2, length, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
