// Prints a command that wants a rebirth, as sparkplug-payload encodes it, in hexadecimal.
const { get } = require("sparkplug-payload");
const metrics = [{ name: "Node Control/Rebirth", type: "Boolean", value: true }];
console.log(Buffer.from(get("spBv1.0").encodePayload({ timestamp: Date.now(), metrics })).toString("hex"));
