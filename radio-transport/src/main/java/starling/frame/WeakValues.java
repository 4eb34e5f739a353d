package starling.frame;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Values that are made once for as long as somebody uses them; for many threads. */
final class WeakValues<K, V> {
  private final Map<K, Value<K, V>> values = new HashMap<>();
  private final ReferenceQueue<V> unused = new ReferenceQueue<>();

  private static final class Value<K, V> extends WeakReference<V> {
    final K key;

    Value(K key, V value, ReferenceQueue<V> unused) {
      super(value, unused);
      this.key = key;
    }
  }

  /** The value of a key, made now if nobody has it any more. */
  synchronized V get(K key, Function<K, V> make) {
    for (Reference<? extends V> one = unused.poll(); one != null; one = unused.poll()) {
      Value<?, ?> value = (Value<?, ?>) one;
      values.remove(value.key, value);
    }
    Value<K, V> held = values.get(key);
    V value = held == null ? null : held.get();
    if (value == null) {
      value = make.apply(key);
      values.put(key, new Value<>(key, value, unused));
    }
    return value;
  }
}
