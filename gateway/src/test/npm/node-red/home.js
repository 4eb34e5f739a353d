// What Home Assistant makes of device discovery: entities with a state, which they have by a
// template, and whether they are available. Each change of one is a message below node-red/.
const nunjucks = require('nunjucks');

const templates = new nunjucks.Environment(null, { autoescape: false });
const UNKNOWN = 'unknown'; // what a template makes of none

const devices = new Map(); // by topic of the configuration
const last = new Map(); // payloads by topic
const states = new Map(); // by unique id

/** Python's dictionaries have get. */
function dictionary(value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return value;
  }
  const copy = {};
  Object.entries(value).forEach(([key, one]) => (copy[key] = dictionary(one)));
  return Object.defineProperty(copy, 'get', {
    value: (key, otherwise = null) => (Object.hasOwn(copy, key) ? copy[key] : otherwise),
  });
}

function state(entity, payload) {
  if (entity.value_template === undefined) {
    return payload;
  }
  const known = {
    value: payload,
    value_json: dictionary(JSON.parse(payload)),
    this: { state: (states.get(entity.uniq_id) ?? UNKNOWN).toLowerCase() },
    now: () => Date.now() / 1000,
    as_timestamp: (time) => time,
    is_number: (value) => value !== '' && Number.isFinite(Number(value)),
  };
  return templates.renderString(entity.value_template, known).trim() || UNKNOWN;
}

function message(device, entity) {
  const topics = device.availability.map((one) => one.topic);
  const payload = {
    device: device.dev.name,
    name: entity.name,
    platform: entity.p,
    state: states.get(entity.uniq_id),
    unit: entity.unit_of_measurement,
    available: topics.every((topic) => last.get(topic) === 'online'),
  };
  return { topic: 'node-red/' + entity.uniq_id, payload: JSON.stringify(payload) };
}

function entities(device) {
  return Object.values(device.cmps).filter((entity) => entity.uniq_id !== undefined);
}

function configure(topic, payload) {
  const before = devices.get(topic);
  if (payload === '') {
    devices.delete(topic);
    const gone = before === undefined ? [] : entities(before);
    return [[], gone.map((entity) => ({ topic: 'node-red/' + entity.uniq_id, payload: 'gone' }))];
  }
  const device = JSON.parse(payload);
  devices.set(topic, device);
  const wanted = new Set(device.availability.map((one) => one.topic));
  entities(device).forEach((entity) => wanted.add(entity.state_topic));
  const fresh = [...wanted].filter((one) => !last.has(one));
  fresh.forEach((one) => last.set(one, undefined));
  entities(device).forEach((entity) => update(entity, entity.state_topic));
  const subscriptions = fresh.map((one) => ({ action: 'subscribe', topic: one, qos: 1 }));
  return [subscriptions, entities(device).map((entity) => message(device, entity))];
}

function update(entity, topic) {
  if (entity.state_topic === topic && last.get(topic) !== undefined) {
    states.set(entity.uniq_id, state(entity, last.get(topic)));
  }
}

/** Takes a message; answers what to subscribe to, and what has become of entities. */
exports.hear = ({ topic, payload }) => {
  if (topic.startsWith('homeassistant/')) {
    return configure(topic, payload);
  }
  last.set(topic, payload);
  const changed = [];
  for (const device of devices.values()) {
    const about = device.availability.some((one) => one.topic === topic);
    for (const entity of entities(device)) {
      update(entity, topic);
      if (about || entity.state_topic === topic) {
        changed.push(message(device, entity));
      }
    }
  }
  return [[], changed];
};
