package starling.link.mqtt;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;

/**
 * The TCP connection under one client object. Once stopped it stays so, whatever the client's
 * threads still try: closing this is how a session ends a client that hangs.
 */
final class BrokerSocket implements NetworkModule {
  private static final int READ_BUFFER_BYTES = 2048;

  private final URI broker;
  private final int connectMillis;
  private final int packetMaxBytes;
  private final LongAdder leftOut;
  private final BoundedPackets.Arrivals arrivals;
  private final Socket socket = new Socket();

  BrokerSocket(
      URI broker,
      int connectMillis,
      int packetMaxBytes,
      LongAdder leftOut,
      BoundedPackets.Arrivals arrivals) {
    this.broker = broker;
    this.connectMillis = connectMillis;
    this.packetMaxBytes = packetMaxBytes;
    this.leftOut = leftOut;
    this.arrivals = arrivals;
  }

  @Override
  public void start() throws IOException {
    int port = broker.getPort() < 0 ? BrokerSession.DEFAULT_PORT : broker.getPort();
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(broker.getHost(), port), connectMillis);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    var buffered = new BufferedInputStream(socket.getInputStream(), READ_BUFFER_BYTES);
    return new BoundedPackets(buffered, packetMaxBytes, leftOut, arrivals);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void stop() throws IOException {
    socket.close();
  }

  @Override
  public String getServerURI() {
    return broker.toString();
  }
}
