package dev.aviary.ipam;

import dev.aviary.ipam.etcd.EtcdClient;
import dev.aviary.ipam.etcd.EtcdIpamStore;
import dev.aviary.ipam.etcd.EtcdServer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every scenario on a real etcd. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IpamEtcdVectorsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private EtcdServer server;
  private EtcdClient client;

  @BeforeAll
  void start() throws Exception {
    server = EtcdServer.start();
    client = server.client(TIMEOUT);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      client.close();
      server.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> v322() throws Exception {
    return IpamScenarioVectorsTest.scenarios(IpamVariant.V3_22, "v3.22", this::raw);
  }

  @TestFactory
  Stream<DynamicTest> master() throws Exception {
    return IpamScenarioVectorsTest.scenarios(IpamVariant.MASTER, "master", this::raw);
  }

  private RawStore raw(IpamVariant variant) {
    try {
      for (var entry : client.list("/calico/")) {
        client.remove(entry.key());
      }
    } catch (IpamException e) {
      throw new AssertionError(e);
    }
    var store = new EtcdIpamStore(client, EtcdServer.patience(TIMEOUT), variant);
    return new RawStore() {
      @Override
      public IpamStore store() {
        return store;
      }

      @Override
      public void put(String key, String text) throws IpamException {
        client.put(key, text, false);
      }

      @Override
      public void delete(String key) throws IpamException {
        client.remove(key);
      }
    };
  }
}
