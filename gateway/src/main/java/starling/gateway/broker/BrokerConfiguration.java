package starling.gateway.broker;

import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.PageFullMessagePolicy;

/**
 * Artemis cut down to what a field site needs: one MQTT port, a small journal, and a limit on
 * everything that a client can make grow.
 */
final class BrokerConfiguration {
  static final String ACCEPTOR = "mqtt";

  /** Where this process connects to a broker that speaks TLS to all others. */
  static final String OWN_ACCEPTOR = "own";

  /** With less free disk than this, messages that must be kept are refused. */
  static final long DISK_FREE_MIN_BYTES = 32L << 20;

  private static final int CONNECTIONS_MAX = 512;
  private static final int REMOTING_THREADS = 2;
  private static final int SCHEDULER_THREADS = 2;

  private static final int JOURNAL_FILE_BYTES = 2 << 20;
  static final int JOURNAL_BUFFER_BYTES = 512 << 10;
  private static final long LOCK_WAIT_MILLIS = 2_000;

  private static final long MEMORY_MAX_BYTES = 16L << 20;
  private static final long ADDRESS_MEMORY_MAX_BYTES = 2L << 20;
  private static final int PAGE_BYTES = 512 << 10;
  private static final long PAGED_MAX_BYTES = 32L << 20;

  /** Artemis's own 8192 would cost 32 KB for each retained topic and each subscription. */
  private static final int QUEUE_BUFFER_MESSAGES = 16;

  private static final int SCAN_MILLIS = 60_000;

  private BrokerConfiguration() {}

  static Configuration of(EmbeddedBroker.Settings settings) {
    var configuration = new ConfigurationImpl();
    configuration.setName("starling").setSecurityEnabled(settings.isGuarded());
    listen(configuration, settings);
    keep(configuration, settings);
    bound(configuration);
    turnOff(configuration);
    return configuration;
  }

  private static void listen(ConfigurationImpl configuration, EmbeddedBroker.Settings settings) {
    Map<String, Object> transport = transport(settings.host(), settings.port());
    settings
        .tls()
        .ifPresent(tls -> {
          transport.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
          transport.put(TransportConstants.NEED_CLIENT_AUTH_PROP_NAME, settings.certificates());
          transport.put(
              TransportConstants.KEYSTORE_PATH_PROP_NAME, PemContexts.TLS); // or it refuses
          transport.put(PemContexts.TLS, tls);
          accept(configuration, OWN_ACCEPTOR, transport(EmbeddedBroker.LOOPBACK, 0));
        });
    accept(configuration, ACCEPTOR, transport);
  }

  private static void accept(
      ConfigurationImpl configuration, String name, Map<String, Object> transport) {
    configuration.addAcceptorConfiguration(
        new TransportConfiguration(NettyAcceptorFactory.class.getName(), transport, name));
  }

  private static Map<String, Object> transport(String host, int port) {
    Map<String, Object> transport = new HashMap<>();
    transport.put(TransportConstants.HOST_PROP_NAME, host);
    transport.put(TransportConstants.PORT_PROP_NAME, port);
    transport.put(TransportConstants.PROTOCOLS_PROP_NAME, "MQTT");
    transport.put(TransportConstants.USE_EPOLL_PROP_NAME, false);
    transport.put(TransportConstants.USE_KQUEUE_PROP_NAME, false);
    transport.put(TransportConstants.REMOTING_THREADS_PROPNAME, REMOTING_THREADS);
    transport.put(TransportConstants.CONNECTIONS_ALLOWED, CONNECTIONS_MAX);
    transport.put(TransportConstants.QUIET_PERIOD, 0);
    return transport;
  }

  private static void keep(ConfigurationImpl configuration, EmbeddedBroker.Settings settings) {
    String directory = settings.directory().toAbsolutePath() + "/";
    configuration
        .setPersistenceEnabled(true)
        .setBindingsDirectory(directory + "bindings")
        .setJournalDirectory(directory + "journal")
        .setLargeMessagesDirectory(directory + "large-messages")
        .setPagingDirectory(directory + "paging")
        .setJournalType(JournalType.NIO)
        .setJournalFileSize(JOURNAL_FILE_BYTES)
        .setJournalPoolFiles(2);
    configuration
        .setJournalMinFiles(2)
        .setJournalBufferSize_NIO(JOURNAL_BUFFER_BYTES)
        .setJournalLockAcquisitionTimeout(LOCK_WAIT_MILLIS);
  }

  private static void bound(ConfigurationImpl configuration) {
    configuration
        .setGlobalMaxSize(MEMORY_MAX_BYTES)
        .setMaxDiskUsage(-1)
        .setMinDiskFree(DISK_FREE_MIN_BYTES)
        .setScheduledThreadPoolMaxSize(SCHEDULER_THREADS)
        .setMessageExpiryScanPeriod(SCAN_MILLIS)
        .setAddressQueueScanPeriod(SCAN_MILLIS)
        .setPageMaxConcurrentIO(1);
    configuration.addAddressSetting(
        "#",
        new AddressSettings()
            .setMaxSizeBytes(ADDRESS_MEMORY_MAX_BYTES)
            .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
            .setPageSizeBytes(PAGE_BYTES)
            .setPageLimitBytes(PAGED_MAX_BYTES)
            .setPageFullMessagePolicy(PageFullMessagePolicy.DROP)
            .setAutoCreateAddresses(true)
            .setAutoCreateQueues(true)
            .setAutoDeleteAddresses(true)
            .setAutoDeleteQueues(true)
            .setInitialQueueBufferSize(QUEUE_BUFFER_MESSAGES)
            .setEnableMetrics(false));
  }

  private static void turnOff(ConfigurationImpl configuration) {
    configuration
        .setJMXManagementEnabled(false)
        .setMessageCounterEnabled(false)
        .setGracefulShutdownEnabled(false)
        .setCriticalAnalyzer(false)
        .setResolveProtocols(false);
    configuration.setConfigurationFileRefreshPeriod(-1).setSuppressSessionNotifications(true);
  }
}
