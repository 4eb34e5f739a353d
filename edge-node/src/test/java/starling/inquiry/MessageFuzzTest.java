package starling.inquiry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

class MessageFuzzTest {
  @FuzzTest(maxDuration = "3s")
  void anyBytesAreAMessageOrRefused(byte[] bytes) {
    for (int kind = Message.ASK; kind <= Message.WAIT; kind++) {
      try {
        Message message = Message.read(kind, new WireReader(bytes));
        WireWriter to = WireWriter.ofSize(Math.max(1, bytes.length));
        message.write(to);
        assertArrayEquals(bytes, to.toBytes(), "one message has one encoding");
      } catch (MalformedException e) {
        // as it should be
      }
    }
  }
}
