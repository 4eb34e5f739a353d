package starling.engine;

import java.util.HashMap;
import java.util.Map;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.model.Delivery;

/** Sends nothing and tells nobody; keeps what is to be on disk, by key. */
final class IdleHost implements Host {
  final Map<Long, byte[]> disk = new HashMap<>();

  @Override
  public void send(int link, long id, Address to, AirtimeLedger.Permit permit, byte[] frame) {}

  @Override
  public void deliver(Delivery delivery) {}

  @Override
  public void persist(long id, int protocol, long key, byte[] value) {
    disk.put(key, value);
  }
}
