// Reads "topic hex" lines, as mosquitto_sub prints them, and says what sparkplug-payload makes of each as a line of JSON. As any host
// it takes the types of metrics from births: data does not repeat them, and the package alone reads no value without.
const { get } = require("sparkplug-payload");
const { Payload } = require("sparkplug-payload/lib/sparkplugPayloadProto").org.eclipse.tahu.protobuf;
const sparkplug = get("spBv1.0");
const types = new Map();

const typed = (levels, bytes) => {
  const payload = Payload.decode(bytes);
  for (const metric of payload.metrics) {
    const key = [levels[4] ?? "", metric.name].join(" ");
    if (levels[2].endsWith("BIRTH")) types.set(key, metric.datatype);
    else metric.datatype ||= types.get(key);
  }
  return Payload.encode(payload).finish();
};

const plain = (key, value) =>
  value && typeof value === "object" && "low" in value && "high" in value
    ? Number((BigInt(value.high) << 32n) | BigInt(value.low >>> 0))
    : value;

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const [topic, hex] = line.split(" ");
    const levels = topic.split("/");
    const isPayload = /^[ND](BIRTH|DATA|DEATH)$/.test(levels[2]);
    const payload = isPayload ? sparkplug.decodePayload(typed(levels, Buffer.from(hex, "hex"))) : {};
    console.log(JSON.stringify({ topic, payload }, plain));
  });
