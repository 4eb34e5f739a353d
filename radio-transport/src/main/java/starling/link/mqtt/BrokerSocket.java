package starling.link.mqtt;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;

/**
 * The TCP connection under one client object, with TLS in it for {@code mqtts}. Once stopped it
 * stays so, whatever the client's threads still try: closing this is how a session ends a client
 * that hangs.
 */
final class BrokerSocket implements NetworkModule {
  private static final int READ_BUFFER_BYTES = 2048;

  private final URI broker;
  private final Tls tls;
  private final int connectMillis;
  private final int packetMaxBytes;
  private final LongAdder leftOut;
  private final BoundedPackets.Arrivals arrivals;
  private final int togetherMax;
  private final AtomicInteger toCome = new AtomicInteger();
  private final Socket tcp = new Socket();
  private volatile Socket socket = tcp;

  BrokerSocket(
      URI broker,
      Tls tls,
      int connectMillis,
      int packetMaxBytes,
      LongAdder leftOut,
      BoundedPackets.Arrivals arrivals,
      int togetherMax) {
    this.broker = broker;
    this.tls = tls;
    this.connectMillis = connectMillis;
    this.packetMaxBytes = packetMaxBytes;
    this.leftOut = leftOut;
    this.arrivals = arrivals;
    this.togetherMax = togetherMax;
  }

  /** The client library is being given a message, or did not take it. */
  void expect(int more) {
    toCome.addAndGet(more);
  }

  @Override
  public void start() throws IOException {
    int port = Brokers.port(broker);
    tcp.setTcpNoDelay(true);
    tcp.connect(new InetSocketAddress(broker.getHost(), port), connectMillis);
    if (Brokers.isSecure(broker)) {
      socket = secured(port);
    }
  }

  private SSLSocket secured(int port) throws IOException {
    SSLSocket secured = (SSLSocket) tls.sockets().createSocket(tcp, broker.getHost(), port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818: its name is in there
    secured.setSSLParameters(parameters);
    secured.setSoTimeout(connectMillis);
    secured.startHandshake();
    secured.setSoTimeout(0);
    return secured;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    var buffered = new BufferedInputStream(socket.getInputStream(), READ_BUFFER_BYTES);
    return new BoundedPackets(buffered, packetMaxBytes, leftOut, arrivals);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new Gathering(socket.getOutputStream(), toCome, togetherMax);
  }

  /** Without TLS's farewell, which would wait for a broker that hangs. */
  @Override
  public void stop() throws IOException {
    tcp.close();
  }

  @Override
  public String getServerURI() {
    return broker.toString();
  }
}
